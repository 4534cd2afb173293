import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./machine.mjs";
import { SetupError, say } from "./report.mjs";
import { run, runNode } from "./run.mjs";

/**
 * The part of npm's lock files that is compared.
 * @typedef {object} Lock
 * @property {Record<string, { version?: string, integrity?: string, optional?: boolean }>} packages
 */

/**
 * Installs the npm packages of a folder if they are missing or differ from its package-lock.json.
 * @param {string} [folder] relative to the root; it has its own package.json
 */
export function setUpPackages(folder = ".") {
  const lock = join(folder, "package-lock.json");
  const wanted = readLock(lock);
  if (!wanted) throw new SetupError(`${lock} is missing or cannot be read: restore it.`);
  const installed = readLock(join(folder, "node_modules", ".package-lock.json"));
  if (installed && packagesMatch(wanted, installed)) return;
  const why = installed ? `those installed differ from ${lock}` : "they are not installed";
  say(`installing the npm packages${folder === "." ? "" : ` of ${folder}`}, since ${why}`);
  if (!npm(["ci", "--prefix", join(root, folder), "--include=dev", "--no-audit", "--no-fund"])) {
    const command = folder === "." ? "npm ci" : `npm ci --prefix ${folder}`;
    throw new SetupError(`The npm packages could not be installed: see above, then run "${command}".`);
  }
}

/**
 * Whether everything in package-lock.json is installed. npm writes the lock file inside node_modules as the last step
 * of an installation and removes it first, so an interrupted installation never matches. Optional packages may be
 * absent: most are for other systems.
 * @param {Lock} wanted
 * @param {Lock} installed
 */
export function packagesMatch(wanted, installed) {
  return Object.entries(wanted.packages).every(([path, entry]) => {
    if (path === "") return true;
    const found = installed.packages[path];
    if (!found) return entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/**
 * @param {string} file
 * @returns {Lock | undefined} undefined when the file is missing or is no lock file
 */
function readLock(file) {
  try {
    const lock = JSON.parse(readFileSync(join(root, file), "utf8"));
    return typeof lock?.packages === "object" ? lock : undefined;
  } catch {
    return undefined;
  }
}

/** @param {readonly string[]} args */
function npm(args) {
  // Under "npm run" this is npm itself. npm.cmd on Windows cannot be spawned without a shell.
  const script = process.env.npm_execpath ?? "";
  if (/npm-cli\.c?js$/.test(script) && existsSync(script)) return runNode([script, ...args]);
  if (process.platform === "win32") return run("cmd.exe", ["/c", "npm", ...args]);
  return run("npm", args);
}
