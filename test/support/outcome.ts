import type { ChildProcessByStdio } from "node:child_process";
import type { Readable } from "node:stream";

/** What a program came to. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Waits for a program to end and keeps what it writes; `onStderr` is told of all that it has written there so far. */
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
