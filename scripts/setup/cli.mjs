import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./machine.mjs";
import { SetupError, say } from "./report.mjs";
import { runNode } from "./run.mjs";

/** All that the built program is made of. */
const sources = ["src", "shaders", "scripts/setup", "vite", "vite.cli.config.ts", "package-lock.json"];

/** Builds the headless program when a source of it has changed since it was last built. */
export function setUpCli() {
  const program = join(root, "dist", "cli", "unsnow.js");
  const stamp = join(root, "dist", "cli", ".built-from");
  const current = fingerprint(root, sources);
  if (existsSync(program) && existsSync(stamp) && readFileSync(stamp, "utf8") === current) return;
  say(`building the program, since ${existsSync(program) ? "its sources changed" : "it is not built"}`);
  // The stamp goes first and comes last, so that a build that was interrupted does not count.
  rmSync(stamp, { force: true });
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const args = ["build", "--config", "vite.cli.config.ts", "--logLevel", "warn"];
  if (!runNode([vite, ...args])) {
    throw new SetupError('The program could not be built: see above, then run "npm run build:cli".');
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
