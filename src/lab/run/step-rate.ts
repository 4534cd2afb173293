/** Milliseconds that the rate is a mean over: long enough to be calm, short enough to follow. */
const span = 4000;

/** How fast steps are done, from what is known of the last seconds. */
export class StepRate {
  #samples: { readonly time: number; readonly steps: number }[] = [];

  /** Steps a second; undefined until two moments are known. */
  get perSecond(): number | undefined {
    const first = this.#samples[0];
    const latest = this.#samples.at(-1);
    if (!first || !latest || latest.time <= first.time) return undefined;
    return (1000 * (latest.steps - first.steps)) / (latest.time - first.time);
  }

  /** At `time`, in milliseconds, `steps` were done in all. */
  add(time: number, steps: number): void {
    this.#samples.push({ time, steps });
    while ((this.#samples[1]?.time ?? time) < time - span) this.#samples.shift();
  }

  /** Forgets the past, since the clock ran on while nothing was done. */
  restart(): void {
    this.#samples = [];
  }
}
