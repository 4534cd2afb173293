import type { PlacedLaunch } from "../protocol.ts";

/** Measures kept at a time: the Performance panel has each as soon as it is made, the page's own list need not grow. */
const keptMeasures = 5000;

/** The colours that the Performance panel offers a track's entries. */
const colors = [
  "primary",
  "secondary",
  "tertiary",
  "primary-light",
  "secondary-light",
  "tertiary-light",
] as const;

/**
 * Shows launches as entries of a "GPU" track in the browser's Performance panel, through the User Timing API
 * (developer.chrome.com/docs/devtools/performance/extension). Made on the page, whose measures the panel always shows.
 */
export class GpuTrack {
  readonly #kernels: string[] = [];
  readonly #labels = new Set<string>();
  #kept = 0;

  add(launches: readonly PlacedLaunch[]): void {
    if (this.#kept > keptMeasures) this.#clear();
    for (const { label, kernel, start, duration } of launches) {
      performance.measure(label, {
        // A launch measured before the page's clock began would be refused.
        start: Math.max(0, start - performance.timeOrigin),
        duration,
        detail: { devtools: { dataType: "track-entry", track: "GPU", color: this.#colorOf(kernel) } },
      });
      this.#labels.add(label);
      this.#kept += 1;
    }
  }

  #colorOf(kernel: string): string {
    if (!this.#kernels.includes(kernel)) this.#kernels.push(kernel);
    return colors[this.#kernels.indexOf(kernel) % colors.length] ?? colors[0];
  }

  #clear(): void {
    for (const label of this.#labels) performance.clearMeasures(label);
    this.#labels.clear();
    this.#kept = 0;
  }
}
