import type { Dispatch, KernelTime, Launch, Profiler } from "../device/device.ts";
import type { CallTime } from "./commands.ts";

/** Measures kernels on the first thread's clock: from when it took up a launch until all threads were done with it. */
export class CpuProfiler implements Profiler {
  readonly #onLaunches: ((launches: readonly Launch[]) => void) | undefined;
  readonly #times = new Map<string, { launches: number; milliseconds: number }>();
  #pending: { dispatches: readonly Dispatch[]; times: Promise<readonly CallTime[]> }[] = [];

  constructor(onLaunches: ((launches: readonly Launch[]) => void) | undefined) {
    this.#onLaunches = onLaunches;
  }

  /** Takes a submit's times, which come in the order of the dispatches, again and again. */
  expect(dispatches: readonly Dispatch[], times: Promise<readonly CallTime[]>): void {
    // A failure shows when they are collected.
    times.catch(() => {});
    this.#pending.push({ dispatches, times });
  }

  async collect(): Promise<void> {
    for (const { dispatches, times } of this.#pending.splice(0)) {
      const launches = (await times).flatMap((time, index): Launch[] => {
        const dispatch = dispatches[index % dispatches.length];
        return dispatch ? [{ label: dispatch.label, kernel: dispatch.kernel, ...time }] : [];
      });
      for (const { kernel, duration } of launches) {
        const time = this.#times.get(kernel) ?? { launches: 0, milliseconds: 0 };
        this.#times.set(kernel, { launches: time.launches + 1, milliseconds: time.milliseconds + duration });
      }
      this.#onLaunches?.(launches);
    }
  }

  table(): KernelTime[] {
    return [...this.#times]
      .map(([kernel, time]) => ({ kernel, ...time }))
      .sort((a, b) => b.milliseconds - a.milliseconds);
  }

  clear(): void {
    this.#times.clear();
  }

  destroy(): void {
    this.#pending = [];
  }
}
