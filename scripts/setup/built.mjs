import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./machine.mjs";
import { SetupError, say } from "./report.mjs";
import { runNode } from "./run.mjs";

/**
 * A build from sources.
 * @typedef {object} Build
 * @property {string} what "the program"
 * @property {string} folder below dist/
 * @property {string} result a file of that folder
 * @property {readonly string[]} sources all input files and folders
 * @property {readonly (readonly string[])[]} steps Node scripts with their arguments, run in order
 * @property {string} command the command for users to reproduce a failure
 */

/**
 * Runs a build if a source has changed since the last one.
 * @param {Build} build
 */
export function setUpBuild({ what, folder, result, sources, steps, command }) {
  const built = join(root, "dist", folder, result);
  const stamp = join(root, "dist", folder, ".built-from");
  const current = fingerprint(root, sources);
  if (existsSync(built) && existsSync(stamp) && readFileSync(stamp, "utf8") === current) return;
  say(`building ${what}, since ${existsSync(built) ? "its sources changed" : "it is not built"}`);
  // The stamp is removed first and written last, so that an interrupted build does not count.
  rmSync(stamp, { force: true });
  if (!steps.every((step) => runNode(step))) {
    const sentence = `${what} could not be built: see above, then run "${command}".`;
    throw new SetupError(`${sentence[0]?.toUpperCase()}${sentence.slice(1)}`);
  }
  writeFileSync(stamp, current);
}

/**
 * A hash of the names and contents of all these files and folders. Unlike times, it survives a checkout.
 * @param {string} base the folder that the paths are relative to
 * @param {readonly string[]} paths
 * @returns {string} hexadecimal
 */
export function fingerprint(base, paths) {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of filesUnder(base, path)) {
      const bytes = readFileSync(join(base, file));
      hash.update(`${file}\n${bytes.length}\n`).update(bytes);
    }
  }
  return hash.digest("hex");
}

/**
 * @param {string} base
 * @param {string} path a file or a folder
 * @returns {string[]} relative to base, in a fixed order
 */
function filesUnder(base, path) {
  const found = statSync(join(base, path), { throwIfNoEntry: false });
  if (!found) return [];
  if (found.isFile()) return [path];
  return readdirSync(join(base, path), { recursive: true, encoding: "utf8" })
    .map((name) => `${path}/${name.replaceAll("\\", "/")}`)
    .filter((file) => statSync(join(base, file)).isFile())
    .sort();
}
