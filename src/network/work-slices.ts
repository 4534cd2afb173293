/** Milliseconds of work after which other work gets its turn: short enough to be imperceptible. */
const usualSlice = 50;

/**
 * Long work of a thread, in slices: between them it handles the messages that have come, so that a pause gets in. No timer is
 * asked, since a hidden tab makes those wait for a second.
 */
export class WorkSlices {
  readonly #slice: number;
  #started = performance.now();

  /** `slice` is in milliseconds. */
  constructor(slice = usualSlice) {
    this.#slice = slice;
  }

  /** Lets everything in that waits, if the slice is over. To be called every few milliseconds. */
  async breathe(): Promise<void> {
    if (performance.now() - this.#started < this.#slice) return;
    await nextTask();
    this.#started = performance.now();
  }
}

/** Resolves after the tasks that wait already. */
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
