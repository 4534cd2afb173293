import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = join(root, "dist", "cli", "unsnow.js");

/** What a run of the program came to. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

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
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    onStderr?.(stderr, () => child.kill("SIGINT"));
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
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
