// What an archive for a machine with a GPU contains.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setUpCli } from "../setup/cli.mjs";
import { root } from "../setup/machine.mjs";
import { SetupError, say } from "../setup/report.mjs";
import { runNode } from "../setup/run.mjs";
import { findLoader } from "./vulkan.mjs";

const start = `#!/bin/sh
# All parts, each in its own process: ./run.sh --minutes 30
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
exec "$here/bin/node" "$here/bench/on-gpu/run.js" "$@"
`;

/**
 * Fills a folder. Paths below it are those of the repository where files find each other by them.
 * @param {string} folder
 * @param {{ grey: string | undefined, colour: string | undefined }} pictures folders of pictures
 */
export function fillArchive(folder, pictures) {
  checkMachine();
  for (const [name, from] of Object.entries(pictures)) {
    if (from !== undefined && !existsSync(from)) {
      throw new SetupError(`--${name} is "${from}", but there is no such folder.`);
    }
  }
  setUpCli();
  say("building the parts");
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  if (!runNode([vite, "build", "--config", "bench/on-gpu/vite.config.ts", "--logLevel", "warn"])) {
    throw new SetupError("The parts could not be built: see above.");
  }
  const copy = (/** @type {string} */ from, to = from) =>
    cpSync(join(root, from), join(folder, to), { recursive: true, dereference: true });
  copy("dist/cli");
  copy("dist/on-gpu", "bench/on-gpu");
  copy("bench/pytorch.py", "bench/on-gpu/pytorch.py");
  copy("test/fixtures/golden", "bench/fixtures/golden");
  for (const path of packagesOfProgram()) copy(path);
  copy("node_modules/webgpu/index.js");
  copy("node_modules/webgpu/package.json");
  copy("node_modules/webgpu/LICENSE.md");
  copy("node_modules/webgpu/dist/linux-x64");
  copy("package.json");
  copy("LICENSE");
  for (const [name, from] of Object.entries(pictures)) {
    if (from !== undefined) {
      cpSync(from, join(folder, "pictures", name), { recursive: true, dereference: true });
    }
  }
  mkdirSync(join(folder, "bin"));
  cpSync(realpathSync(process.execPath), join(folder, "bin", "node"));
  const loader = addLoader(folder);
  writeFileSync(join(folder, "run.sh"), start);
  for (const name of ["run.sh", "bin/node"]) chmodSync(join(folder, name), 0o755);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const made = { version, commit: commit(), date: new Date().toISOString(), node: process.version, loader };
  writeFileSync(join(folder, "made.json"), `${JSON.stringify(made, null, 1)}\n`);
}

function checkMachine() {
  const place = `${process.platform}-${process.arch}`;
  if (place !== "linux-x64") {
    throw new SetupError(
      `The archive takes Node and Dawn from this machine, which is ${place}: make it on linux-x64.`,
    );
  }
  /** @type {Record<string, unknown>} */
  const build = { ...process.config.variables };
  if (build.node_shared) {
    throw new SetupError(
      `${process.execPath} needs a libnode of this machine: make the archive with a Node of nodejs.org.`,
    );
  }
}

/**
 * The folders of all npm packages that the program needs, except webgpu, which has binaries of five systems.
 * @returns {string[]}
 */
function packagesOfProgram() {
  /** @type {{ packages: Record<string, { dev?: boolean }> }} */
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  return (
    Object.entries(packages)
      .filter(([path, { dev }]) => path !== "" && !dev && path !== "node_modules/webgpu")
      .map(([path]) => path)
      // Optional packages for other systems are not installed.
      .filter((path) => existsSync(join(root, path)))
  );
}

/**
 * Adds the Vulkan loader of this machine, for a machine without one.
 * @param {string} folder
 * @returns {string | null} where it was
 */
function addLoader(folder) {
  const loader = findLoader();
  if (loader === undefined) {
    say(
      "the archive has no Vulkan loader, since there is no libvulkan.so.1 here: the other machine needs its own",
    );
    return null;
  }
  say(`adding ${loader} for a machine without a Vulkan loader`);
  mkdirSync(join(folder, "lib"));
  cpSync(realpathSync(loader), join(folder, "lib", "libvulkan.so.1"));
  return loader;
}

/** The commit of the sources, with a plus if they were edited since. */
function commit() {
  const git = (/** @type {string[]} */ ...args) => spawnSync("git", args, { cwd: root, encoding: "utf8" });
  const { status, stdout } = git("rev-parse", "--short", "HEAD");
  if (status !== 0) return "unknown";
  const edited = git("status", "--porcelain", "--untracked-files=no").stdout.trim() !== "";
  return `${stdout.trim()}${edited ? "+" : ""}`;
}
