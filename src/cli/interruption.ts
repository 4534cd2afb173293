/** One Ctrl-C can reach the program twice: from the terminal, and passed on by npm. */
const sameKeystroke = 500;

export interface Interruption {
  readonly signal: AbortSignal;
  /** Gives the signals their usual meaning back. */
  dispose(): void;
}

/** What asks a program to end: Ctrl-C, and the system as it shuts down. */
const requests = ["SIGINT", "SIGTERM"] as const;

/** Makes the first request to end abort a signal, after telling `onFirst`, and the second end the process at once. */
export function onInterrupt(onFirst: () => void): Interruption {
  const controller = new AbortController();
  let first = 0;
  const interrupt = () => {
    if (!controller.signal.aborted) {
      first = performance.now();
      controller.abort();
      onFirst();
    } else if (performance.now() - first > sameKeystroke) {
      process.exit(interruptedExit);
    }
  };
  for (const request of requests) process.on(request, interrupt);
  const dispose = () => {
    for (const request of requests) process.off(request, interrupt);
  };
  return { signal: controller.signal, dispose };
}

/** The exit code of a program that Ctrl-C ended: 128 + SIGINT. */
export const interruptedExit = 130;
