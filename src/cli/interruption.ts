import type { Io } from "./io.ts";

/** One Ctrl-C can reach the program twice: from the terminal, and passed on by npm. */
const sameKeystroke = 500;

export interface Interruption {
  readonly signal: AbortSignal;
  /** Gives requests to end their usual meaning back. */
  dispose(): void;
}

/** Makes the first request to end abort a signal, after telling `onFirst`, and the second end the process at once. */
export function onInterrupt(io: Pick<Io, "onEndRequest" | "exit">, onFirst: () => void): Interruption {
  const controller = new AbortController();
  let first = 0;
  const dispose = io.onEndRequest(() => {
    if (!controller.signal.aborted) {
      first = performance.now();
      controller.abort();
      onFirst();
    } else if (performance.now() - first > sameKeystroke) {
      io.exit(interruptedExit);
    }
  });
  return { signal: controller.signal, dispose };
}

/** The exit code of a program that Ctrl-C ended: 128 + SIGINT. */
export const interruptedExit = 130;
