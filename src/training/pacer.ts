import type { Device } from "../device/device.ts";

/**
 * Work to submit at once, in milliseconds: long against a launch, short against every watchdog and a person's patience.
 */
const sliceMilliseconds = 60;

/** Submits that may be in flight at once: one that computes, one that waits behind it. */
const maxUnderway = 2;

/**
 * Sizes submits by measured time. Starts with one step, at most doubles, and keeps two submits in flight, so that the device
 * never waits for the host and a pause is answered within two slices. Waits for the device's promises only: timers and
 * animation frames stand still in a hidden tab.
 */
export class Pacer {
  readonly #device: Device;
  readonly #underway: Promise<void>[] = [];
  #latency: number | undefined;
  #lastDone = 0;
  #steps = 1;

  constructor(device: Device) {
    this.#device = device;
  }

  /** Steps that the next submit may have. */
  get allowance(): number {
    return this.#steps;
  }

  /** Tells of a submit of `steps` steps, and waits until another may follow. */
  async submitted(steps: number): Promise<void> {
    const measured = this.#measure(steps, performance.now());
    // It is waited for later; until then a failure must not count as an unhandled rejection.
    measured.catch(() => {});
    this.#underway.push(measured);
    if (this.#underway.length >= maxUnderway) await this.#underway.shift();
    this.#device.assertAlive();
  }

  /** Waits until no work is in progress. */
  async drained(): Promise<void> {
    await Promise.all(this.#underway.splice(0));
    this.#device.assertAlive();
  }

  /** Learns what the queue takes to answer. */
  async calibrate(): Promise<void> {
    this.#latency ??= await queueLatency(this.#device);
  }

  async #measure(steps: number, submitted: number): Promise<void> {
    await this.#device.done();
    const done = performance.now();
    const busy = done - Math.max(submitted, this.#lastDone) - (this.#latency ?? 0);
    this.#lastDone = done;
    const fitting = Math.floor((sliceMilliseconds * steps) / Math.max(busy, 0.01));
    this.#steps = Math.max(1, Math.min(2 * this.#steps, fitting));
  }
}

/** What an empty queue takes to answer, in milliseconds, which is no work: 91 ms in some browsers. */
export async function queueLatency(device: Device): Promise<number> {
  await device.done();
  const start = performance.now();
  await device.done();
  return performance.now() - start;
}
