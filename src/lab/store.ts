import { computed, signal } from "@preact/signals";
import type { KernelTime } from "../gpu/profiler.ts";
import { autoencoder } from "../spec/network.ts";
import { defaultTraining, type TrainingSpec } from "../spec/training.ts";
import type { EpochRecord } from "../training/history.ts";
import type { Progress } from "../training/trainer.ts";
import { drawState } from "./denoise/draw-state.ts";
import { padSizeFor } from "./denoise/drawing.ts";
import { type NetworkChoice, trialState } from "./denoise/trial-state.ts";
import type { Offer } from "./images/offer.ts";
import type { OwnFiles } from "./images/own-pictures.ts";
import { pretrainedState } from "./images/pretrained-state.ts";
import { picturesBy, pretrainedSize, type RowsBy, suitsPretrained } from "./images/rows.ts";
import type { ImagesSummary } from "./images/summary.ts";
import { insideState } from "./inside/state.ts";
import type { Laboratory, Pictures } from "./protocol.ts";
import { allEpochs } from "./results/curves.ts";
import { levelsBy } from "./results/levels.ts";
import { resultsState } from "./results/state.ts";
import { rememberedKeysOn } from "./run/options.ts";
import type { Phase } from "./run/phase.ts";
import type { Rescue } from "./run/rescue.ts";
import { continuable } from "./runs/continuable.ts";
import { overlaysOf } from "./runs/overlays.ts";
import { runsState } from "./runs/state.ts";
import {
  anyImages,
  type Draft,
  draftOf,
  type ImagesSize,
  type Reading,
  readDraft,
  sameSpec,
} from "./settings/draft.ts";

/**
 * All state of the page. Components read it; the files whose names end in -control, build-run.ts, worker-events.ts, failures.ts
 * and the settings change it; nothing else is kept anywhere.
 */
export const store = {
  phase: signal<Phase>("opening"),

  /** Why the phase is "unsupported" or "failed": one sentence. */
  failure: signal<string | undefined>(undefined),

  /** How a run can go on that has stopped; undefined where it cannot. */
  rescue: signal<Rescue | undefined>(undefined),

  /** What befell this run although it goes on: that the GPU was lost, or that its newest checkpoint was damaged. */
  recovery: signal<string | undefined>(undefined),

  /** The adapter and the digits; undefined until the Worker is open. */
  laboratory: signal<Laboratory | undefined>(undefined),

  /** The run's images; undefined until there is a run. */
  images: signal<ImagesSummary | undefined>(undefined),

  /** The person's files that the run's images are from, to be read again by a new Worker; none for the digits. */
  files: signal<OwnFiles | undefined>(undefined),

  /** Files that were chosen or dropped, but are not used yet. */
  offer: signal<Offer | undefined>(undefined),

  /** The search for pictures in what was chosen or dropped that is under way. */
  search: signal<symbol | undefined>(undefined),

  /** Whether files are being dragged over the page. */
  dragging: signal(false),

  /** The keys that work anywhere on the page: whether they are on, and whether all keys are listed. */
  keys: { on: signal(rememberedKeysOn()), shown: signal(false) },

  /** The latest epoch in words, for those who listen to the page; changes at a pace that can be followed. */
  announcement: signal(""),

  /** The settings as they stand in the form, whether they can be used or not. */
  draft: signal<Draft>(draftOf(defaultTraining)),

  /** Why files or settings could not be used, although each setting by itself can. */
  refusal: signal<string | undefined>(undefined),

  /** What of the settings in the address cannot be used: one sentence; until the address follows the form again. */
  addressFault: signal<string | undefined>(undefined),

  /** What came of copying a link to the settings: one sentence; until the settings change. */
  linkStatus: signal<string | undefined>(undefined),

  /** The settings of the run that there is. */
  runSpec: signal<TrainingSpec | undefined>(undefined),

  progress: signal<Progress | undefined>(undefined),

  /** Steps a second, training and validation alike. */
  stepsPerSecond: signal<number | undefined>(undefined),

  /** The run's epochs so far, oldest first. */
  epochs: signal<readonly EpochRecord[]>([]),

  /** The charts, and what the network is held against. */
  results: resultsState,

  /** The runs that are kept, in this browser or only in this tab. */
  runs: runsState,

  /** Labels that pictures are chosen by; none means any. */
  labels: signal<ReadonlySet<number>>(new Set()),

  /** The latest pictures. */
  pictures: signal<Pictures | undefined>(undefined),

  /** The network for digits that comes with the page, beside the run's. */
  pretrained: pretrainedState,

  /** GPU time by kernel, if launches are measured. */
  kernels: signal<readonly KernelTime[]>([]),

  /** "Inside the network": its weights, its codes, and what its decoder makes of them. */
  inside: insideState,

  /** "Try it", the drawing: a digit of the person's own, through the network. */
  draw: drawState,

  /** "Try it": whose network, and a picture of the person's own through it. */
  trial: trialState,
};

/** Of these images, what settings depend on. */
export function imagesSize(images: ImagesSummary | undefined): ImagesSize | undefined {
  return images && { ...images, count: images.trainingImages };
}

/** The draft's settings for a run with these images, or what is wrong with them. */
export function readingFor(images: ImagesSummary | undefined): Reading {
  return readDraft(store.draft.value, imagesSize(images) ?? anyImages);
}

/** The draft's settings for another run with the images that there are. */
export const reading = computed(() => readingFor(store.images.value));

/** Whether the run has a person's own images. */
export const ownImages = computed(() => (store.images.value?.files.length ?? 0) > 0);

/** The network of the run that there is. */
export const runNetwork = computed(() => {
  const { value: spec } = store.runSpec;
  const { value: images } = store.images;
  return spec && images && autoencoder([images.rows, images.columns], spec.hidden, spec);
});

/** The kept runs that the charts show beside the page's own. */
export const overlays = computed(() => {
  const { kept, shown, current } = store.runs;
  return overlaysOf(kept.value, shown.value, current.value);
});

/** The runs that can be gone on with in place of the page's own, the newest first. */
export const continuableRuns = computed(() => {
  const { kept, places, current } = store.runs;
  return continuable(kept.value, places.value, current.value);
});

/** The loss that the page's run has, or the next one would have. */
export const lossInUse = computed(() => (store.runSpec.value ?? store.draft.value).loss);

/** Those of them whose loss is of the same kind, so that it can be drawn on one axis. */
export const lossOverlays = computed(() =>
  overlays.value.filter(({ run }) => run.spec.loss === lossInUse.value),
);

/** The epochs that the charts show where nobody has zoomed. */
export const everyEpoch = computed(() => {
  const done = [store.epochs.value, ...overlays.value.map(({ run }) => run.epochs)];
  const most = Math.max(...done.map(({ length }) => length));
  return allEpochs(most, (store.runSpec.value ?? defaultTraining).epochs);
});

/** The epochs that the charts show. */
export const shownEpochs = computed(() => store.results.zoom.value ?? everyEpoch.value);

/** The run's scores after epochs. */
export const scoredEpochs = computed(() => store.results.scores.value.filter(({ epoch }) => epoch > 0));

/** What the network is held against, the best first by the score that is drawn. */
export const levels = computed(() => {
  const { score, scores, filters } = store.results;
  return levelsBy(score.value, scores.value[0]?.noisy, filters.value);
});

/** The labels that validation images have, each once. */
export const validationLabels = computed(() =>
  [...new Set(store.images.value?.labels ?? [])].sort((a, b) => a - b),
);

/** Whether the run has not done a step yet. */
export const untouched = computed(() => {
  const { epoch = 0, step = 0 } = store.progress.value ?? {};
  return epoch === 0 && step === 0;
});

/** Whether the network for digits can be held against the run's; until there is one, against the one that the page opens with. */
export const comparesPretrained = computed(() => {
  const spec = store.runSpec.value ?? reading.value.spec;
  if (!spec || store.pretrained.missing.value) return false;
  return suitsPretrained(spec.noise, store.images.value ?? pretrainedSize);
});

/** Whether it stands in for the run's, which has learned nothing of the page's digits yet. */
const startsPretrained = computed(() => {
  const { value: phase } = store.phase;
  const learns = phase === "training" || phase === "pausing" || phase === "stepping";
  return comparesPretrained.value && !ownImages.value && untouched.value && !learns;
});

/** Whose denoised images are shown. */
export const rowsBy = computed<RowsBy>(() => {
  if (!comparesPretrained.value) return "run";
  return store.pretrained.chosen.value ?? (startsPretrained.value ? "pretrained" : "run");
});

/** The latest pictures, denoised by whoever is to be seen. */
export const shownPictures = computed(() => {
  const { value: pictures } = store.pictures;
  return pictures && picturesBy(rowsBy.value, pictures, store.pretrained.rows.value);
});

/** The network that "Try it" uses. */
export const trialNetwork = computed<NetworkChoice>(
  () => store.trial.chosen.value ?? (startsPretrained.value ? "digits" : "run"),
);

/** The size of the drawing. */
export const padSize = computed(() => padSizeFor(store.images.value));

/** Whether the form differs from the run, so that only a new run will follow it. */
export const changed = computed(() => {
  const { spec } = reading.value;
  const { value: runSpec } = store.runSpec;
  return runSpec !== undefined && (spec === undefined || !sameSpec(spec, runSpec));
});
