import { takePictures } from "../images/state.ts";
import type { PlacedLaunch, TrainingEvent } from "../protocol.ts";
import { addScores, takeKernelTimes } from "../results/state.ts";
import { takeModel, takeSaved, takeUnsaved } from "../runs/state.ts";
import { rememberKernels } from "./options.ts";
import { launchTracks, runState } from "./state.ts";

/** Milliseconds over which the rate is averaged: long enough to be steady, short enough to show changes. */
const span = 4000;

/** The rate of steps, measured over the last seconds. */
export class StepRate {
  #samples: { readonly time: number; readonly steps: number }[] = [];

  /** Steps per second; undefined until there are two measurements. */
  get perSecond(): number | undefined {
    const first = this.#samples[0];
    const latest = this.#samples.at(-1);
    if (!first || !latest || latest.time <= first.time) return undefined;
    return (1000 * (latest.steps - first.steps)) / (latest.time - first.time);
  }

  /** Adds a measurement: at `time`, in milliseconds, `steps` were done in all. */
  add(time: number, steps: number): void {
    this.#samples.push({ time, steps });
    while ((this.#samples[1]?.time ?? time) < time - span) this.#samples.shift();
  }

  /** Drops all measurements, because time passed without steps. */
  restart(): void {
    this.#samples = [];
  }
}

/** The maximum number of measures in the page's own list; the Performance panel records each as soon as it is made. */
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
 * (developer.chrome.com/docs/devtools/performance/extension). They are made in the page, because the panel always shows its measures.
 */
class LaunchTrack {
  readonly #kernels: string[] = [];
  readonly #labels = new Set<string>();
  #kept = 0;

  add(launches: readonly PlacedLaunch[], track: string): void {
    if (this.#kept > keptMeasures) this.#clear();
    for (const { label, kernel, start, duration } of launches) {
      performance.measure(label, {
        // A launch measured before the start of the page's clock would be refused.
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

/** Restarts the measurement of steps per second, because no steps were done before. */
export function restartRate(): void {
  rate.restart();
}

/** Passes the training Worker's events to the state of the features. */
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
