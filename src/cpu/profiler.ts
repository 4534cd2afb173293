import type { Dispatch, KernelTime, Launch, Profiler } from "../device/device.ts";
import { KernelTimes } from "../device/kernel-times.ts";
import type { CallTime } from "./commands.ts";

/**
 * Measures kernels with the first thread's clock: from the start of a launch on it until all threads have finished.
 */
export class CpuProfiler implements Profiler {
  readonly #onLaunches: ((launches: readonly Launch[]) => void) | undefined;
  readonly #times = new KernelTimes();
  #pending: { dispatches: readonly Dispatch[]; times: Promise<readonly CallTime[]> }[] = [];

  constructor(onLaunches: ((launches: readonly Launch[]) => void) | undefined) {
    this.#onLaunches = onLaunches;
  }

  /** Takes the times of a submit, which are in the order of the dispatches, repeated. A failure shows when they are collected. */
  expect(dispatches: readonly Dispatch[], times: Promise<readonly CallTime[]>): void {
    this.#pending.push({ dispatches, times });
  }

  async collect(): Promise<void> {
    for (const { dispatches, times } of this.#pending.splice(0)) {
      const launches = (await times).flatMap((time, index): Launch[] => {
        const dispatch = dispatches[index % dispatches.length];
        return dispatch ? [{ label: dispatch.label, kernel: dispatch.kernel, ...time }] : [];
      });
      this.#times.add(launches);
      this.#onLaunches?.(launches);
    }
  }

  table(): KernelTime[] {
    return this.#times.table();
  }

  clear(): void {
    this.#times.clear();
  }

  destroy(): void {
    this.#pending = [];
  }
}
