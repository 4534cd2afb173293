/** Milliseconds of work before other tasks may run: short enough to be imperceptible. */
const usualSlice = 50;

/**
 * Splits long work of a thread into slices. Between slices, the thread handles incoming messages, for example a
 * pause. It does not use timers, because a hidden tab delays them by a second.
 */
export class WorkSlices {
  readonly #slice: number;
  #started = performance.now();

  /** `slice` is in milliseconds. */
  constructor(slice = usualSlice) {
    this.#slice = slice;
  }

  /** Lets waiting tasks run if the slice is over, and throws the signal's reason if it is aborted. Call it every few milliseconds. */
  async breathe(signal?: AbortSignal): Promise<void> {
    if (performance.now() - this.#started >= this.#slice) {
      await nextTask();
      this.#started = performance.now();
    }
    signal?.throwIfAborted();
  }
}

/** Resolves after the tasks that are already waiting. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
