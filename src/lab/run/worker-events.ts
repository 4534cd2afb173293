import { batch } from "@preact/signals";
import type { TrainingEvent } from "../protocol.ts";
import type { SavedPlace } from "../runs/run-database.ts";
import { store } from "../store.ts";
import type { SampleScores } from "../worker/run-reports.ts";
import { GpuTrack } from "./gpu-track.ts";
import { rememberKernels } from "./options.ts";
import { StepRate } from "./step-rate.ts";

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
