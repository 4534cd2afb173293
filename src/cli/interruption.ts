import type { Io } from "./io.ts";

/** Milliseconds. One Ctrl-C can arrive twice: from the terminal and from npm, which forwards it. */
const sameKeystroke = 500;

export interface Interruption {
  readonly signal: AbortSignal;
  /** Restores the default handling of SIGINT and SIGTERM. */
  dispose(): void;
}

/** The first SIGINT or SIGTERM aborts the signal and calls `onFirst`; the second ends the process at once. */
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

/** The exit code after Ctrl-C: 128 + SIGINT. */
export const interruptedExit = 130;
