import type { ChildProcessByStdio } from "node:child_process";
import type { Readable } from "node:stream";

/** The result of a program. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Waits for a program to end and collects its output; `onStderr` is called with all of its stderr output so far. */
export function outcomeOf(
  child: ChildProcessByStdio<null, Readable, Readable>,
  onStderr?: (text: string) => void,
): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    onStderr?.(stderr);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
