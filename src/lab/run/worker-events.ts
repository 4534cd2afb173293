import { batch } from "@preact/signals";
import type { PlacedLaunch, SampleScores, TrainingEvent } from "../protocol.ts";
import type { SavedPlace } from "../runs/run-storage.ts";
import { store } from "../store.ts";
import { rememberKernels } from "./options.ts";

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
class GpuTrack {
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

const rate = new StepRate();
const track = new GpuTrack();

/** Measures the steps a second anew, since no time was spent on steps before. */
export function restartRate(): void {
  rate.restart();
}

/** Puts what the training Worker tells of into the store. */
export function takeEvent(event: TrainingEvent): void {
  switch (event.kind) {
    case "progress": {
      const { epoch, step, stepsPerEpoch } = event.progress;
      store.progress.value = event.progress;
      if (store.phase.value !== "training") return;
      rate.add(performance.now(), epoch * stepsPerEpoch + step);
      store.stepsPerSecond.value = rate.perSecond ?? store.stepsPerSecond.value;
      return;
    }
    case "epoch":
      store.epochs.value = [...store.epochs.value, event.record];
      return;
    case "scores":
      takeScores(event.scores);
      return;
    case "pictures":
      store.pictures.value = event.pictures;
      return;
    case "model":
      store.runs.model.value = event.model;
      return;
    case "launches":
      track.add(event.launches);
      return;
    case "kernels":
      store.kernels.value = event.kernels;
      return;
    case "recovered": {
      const { value: laboratory } = store.laboratory;
      store.recovery.value = event.sentence;
      if (laboratory) store.laboratory.value = { ...laboratory, adapter: event.adapter };
      return;
    }
    case "saved":
      takeSaved(event.place);
      return;
    case "unsaved":
      takeUnsaved(event);
      return;
    case "fastest":
      rememberKernels(event.key, event.family);
  }
}

/** A checkpoint of a run that was left meanwhile can be gone on with later. */
function takeSaved(place: SavedPlace): void {
  const { runs } = store;
  batch(() => {
    runs.places.value = new Map(runs.places.value).set(place.run, place);
    if (place.run !== runs.next.value) return;
    runs.saved.value = { place, at: performance.now() };
    runs.unsaved.value = undefined;
  });
}

/** A run that a person deleted is not missed. */
function takeUnsaved({ run, fault, gone }: Extract<TrainingEvent, { readonly kind: "unsaved" }>): void {
  const { runs } = store;
  if (run !== runs.next.value || !runs.kept.value.some(({ id }) => id === run)) return;
  batch(() => {
    runs.unsaved.value = fault;
    if (gone) runs.saved.value = undefined;
  });
}

/** Scores of no epoch are those of a new run. Epochs that are done again after a lost GPU come to the scores that they had. */
function takeScores(scores: SampleScores): void {
  const { results } = store;
  const latest = results.scores.value.at(-1)?.epoch ?? 0;
  if (scores.epoch === 0) results.scores.value = [scores];
  else if (scores.epoch > latest) results.scores.value = [...results.scores.value, scores];
}
