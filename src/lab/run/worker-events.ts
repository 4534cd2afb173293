import { takePictures } from "../images/state.ts";
import type { PlacedLaunch, TrainingEvent } from "../protocol.ts";
import { addScores, takeKernelTimes } from "../results/state.ts";
import { takeModel, takeSaved, takeUnsaved } from "../runs/state.ts";
import { rememberKernels } from "./options.ts";
import { launchTracks, runState } from "./state.ts";

/** Milliseconds that the rate is a mean over: long enough to be calm, short enough to follow. */
const span = 4000;

/** How fast steps are done, measured over the last seconds. */
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
 * Shows launches as entries of a track in the browser's Performance panel, through the User Timing API
 * (developer.chrome.com/docs/devtools/performance/extension). Made on the page, whose measures the panel always shows.
 */
class LaunchTrack {
  readonly #kernels: string[] = [];
  readonly #labels = new Set<string>();
  #kept = 0;

  add(launches: readonly PlacedLaunch[], track: string): void {
    if (this.#kept > keptMeasures) this.#clear();
    for (const { label, kernel, start, duration } of launches) {
      performance.measure(label, {
        // A launch measured before the page's clock began would be refused.
        start: Math.max(0, start - performance.timeOrigin),
        duration,
        detail: { devtools: { dataType: "track-entry", track, color: this.#colorOf(kernel) } },
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

const rate = new StepRate();
const launchTrack = new LaunchTrack();

/** Restarts the measurement of steps per second, because no time was spent on steps before. */
export function restartRate(): void {
  rate.restart();
}

/** Puts the training Worker's events into the state of the features. */
export function takeEvent(event: TrainingEvent): void {
  switch (event.kind) {
    case "progress": {
      const { epoch, step, stepsPerEpoch } = event.progress;
      runState.progress.value = event.progress;
      if (runState.phase.value !== "training") return;
      rate.add(performance.now(), epoch * stepsPerEpoch + step);
      runState.stepsPerSecond.value = rate.perSecond ?? runState.stepsPerSecond.value;
      return;
    }
    case "epoch":
      runState.epochs.value = [...runState.epochs.value, event.record];
      return;
    case "scores":
      addScores(event.scores);
      return;
    case "pictures":
      takePictures(event.pictures);
      return;
    case "model":
      takeModel(event.model);
      return;
    case "launches":
      launchTrack.add(event.launches, launchTracks[runState.laboratory.value?.backend ?? "gpu"]);
      return;
    case "kernels":
      takeKernelTimes(event.kernels);
      return;
    case "recovered": {
      const { value: laboratory } = runState.laboratory;
      runState.recovery.value = event.sentence;
      if (laboratory) runState.laboratory.value = { ...laboratory, adapter: event.adapter };
      return;
    }
    case "saved":
      takeSaved(event.place);
      return;
    case "unsaved":
      takeUnsaved(event.run, event.fault, event.gone);
      return;
    case "fastest":
      rememberKernels(event.key, event.family);
  }
}
