import { existsSync, readdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * The system interface of the searches below, so that tests can provide a fake one.
 * @typedef {object} Machine
 * @property {NodeJS.Platform} platform
 * @property {Readonly<Record<string, string | undefined>>} env
 * @property {string} home
 * @property {(path: string) => boolean} exists
 * @property {(folder: string) => readonly string[]} list the names in a folder; empty if there is no such folder
 * @property {(path: string) => string} resolve follows symbolic links
 */

/** @type {Machine} */
export const thisMachine = {
  platform: process.platform,
  env: process.env,
  home: homedir(),
  exists: existsSync,
  list: (folder) => {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  },
  resolve: (path) => realpathSync(path),
};

/** Whether apt can install system packages here. */
export function canInstallSystemPackages() {
  return process.getuid?.() === 0 && thisMachine.exists("/usr/bin/apt-get");
}

/**
 * The first of these paths that exists.
 * @param {readonly string[]} paths
 * @param {Machine} machine
 */
export function firstThatExists(paths, machine) {
  return paths.find((path) => machine.exists(path));
}

/**
 * Every name in every folder, folders first.
 * @param {readonly string[]} folders
 * @param {readonly string[]} names
 */
export function everyPath(folders, names) {
  return folders.flatMap((folder) => names.map((name) => join(folder, name)));
}
