import { mkdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setUpCli } from "../../scripts/setup/cli.mjs";

/** Held while the program is built: files of tests run side by side, and only the first is to build it. */
const lock = join(tmpdir(), "unsnow-build.lock");

/** After this a lock is one that was left behind. */
const longestBuild = 120_000;

/** Builds the program when a source of it has changed, once for all files of tests. */
export async function buildProgram(): Promise<void> {
  while (!take()) await new Promise((resolve) => setTimeout(resolve, 200));
  try {
    setUpCli();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function take(): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > longestBuild) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}
