import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";
import { type Outcome, outcomeOf } from "../support/outcome.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = join(root, "dist", "cli", "unsnow.js");

/** What is watched while the program runs. */
export interface Watching {
  readonly cwd?: string;
  /** Told as it starts. */
  readonly onStart?: (end: (signal: NodeJS.Signals) => void) => void;
  /** Told of all that it has written to stderr so far. */
  readonly onStderr?: (text: string, interrupt: () => void) => void;
}

/** The built program running. */
export function unsnow(
  args: readonly string[],
  { cwd = root, onStart, onStderr }: Watching = {},
): Promise<Outcome> {
  // As a person calls it: not from an npm script, whose environment these tests may run in.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));
  const child = spawn(process.execPath, [program, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  onStart?.((signal) => void child.kill(signal));
  return outcomeOf(child, (text) => onStderr?.(text, () => child.kill("SIGINT")));
}

/** An empty folder for the tests of a file, gone after them. */
export function useFolder(): (name?: string) => string {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "unsnow-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return (name = "") => join(folder, name);
}
