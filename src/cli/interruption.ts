/** One Ctrl-C can reach the program twice: from the terminal, and passed on by npm. */
const sameKeystroke = 500;

export interface Interruption {
  readonly signal: AbortSignal;
  /** Gives Ctrl-C its usual meaning back. */
  dispose(): void;
}

/** Makes the first Ctrl-C abort a signal, after telling `onFirst`, and the second end the process at once. */
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
  process.on("SIGINT", interrupt);
  return { signal: controller.signal, dispose: () => void process.off("SIGINT", interrupt) };
}

/** The exit code of a program that Ctrl-C ended: 128 + SIGINT. */
export const interruptedExit = 130;
