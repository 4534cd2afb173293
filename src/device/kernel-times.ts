import type { KernelTime, Launch } from "./device.ts";

/** Adds up the time of launches by kernel. */
export class KernelTimes {
  readonly #times = new Map<string, KernelTime>();

  add(launches: readonly Launch[]): void {
    for (const { kernel, duration } of launches) {
      const { launches: count = 0, milliseconds = 0 } = this.#times.get(kernel) ?? {};
      this.#times.set(kernel, { kernel, launches: count + 1, milliseconds: milliseconds + duration });
    }
  }

  /** The longest first. */
  table(): KernelTime[] {
    return [...this.#times.values()].sort((a, b) => b.milliseconds - a.milliseconds);
  }

  clear(): void {
    this.#times.clear();
  }
}
