import type { Device } from "../device/device.ts";

/**
 * The duration of a submit in milliseconds: long compared to a launch, short compared to any watchdog and to the
 * response time that users expect.
 */
const sliceMilliseconds = 60;

/** Maximum number of submits in flight: one that computes, one that waits behind it. */
const maxUnderway = 2;

/**
 * Sizes submits by measured time. It starts with one step, at most doubles, and keeps two submits in flight, so that
 * the device never waits for the host and a pause takes effect within two slices. It waits only for the device's
 * promises, because timers and animation frames stop in a hidden tab.
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

  /** The maximum number of steps for the next submit. */
  get allowance(): number {
    return this.#steps;
  }

  /** Registers a submit of `steps` steps and waits until another one may follow. */
  async submitted(steps: number): Promise<void> {
    const measured = this.#measure(steps, performance.now());
    // Awaited later. Until then, a failure must not count as an unhandled rejection.
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

  /** Measures the latency of the queue. */
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

/** The latency of an empty queue in milliseconds, which is not work: 91 ms in some browsers. */
export async function queueLatency(device: Device): Promise<number> {
  await device.done();
  const start = performance.now();
  await device.done();
  return performance.now() - start;
}
