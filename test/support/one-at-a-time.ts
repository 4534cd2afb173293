import { mkdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A lock older than this, in milliseconds, was left behind. */
const longest = 120_000;

/**
 * Runs work that test files, which run in parallel, must not do at the same time: `name` identifies the shared
 * resource.
 */
export async function oneAtATime<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  const lock = join(tmpdir(), `unsnow-${name}.lock`);
  while (!take(lock)) await new Promise((resolve) => setTimeout(resolve, 200));
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > longest) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}
