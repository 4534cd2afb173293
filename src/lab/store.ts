import { computed, signal } from "@preact/signals";
import type { KernelTime } from "../gpu/profiler.ts";
import { autoencoder, type Model } from "../spec/network.ts";
import { defaultTraining, type TrainingSpec, trainingLimits } from "../spec/training.ts";
import type { EpochRecord } from "../training/history.ts";
import type { Progress } from "../training/trainer.ts";
import type { Zoom } from "./comparison.ts";
import type { Pixels } from "./pixels.ts";
import { type Draft, draftOf, type Reading, readDraft, sameSpec } from "./settings/draft.ts";
import type { DenoisedPicture } from "./worker/picture-service.ts";
import type { ImagesSummary, Laboratory, Pictures } from "./worker/training-service.ts";

/** What the page is doing, as far as its buttons are concerned. */
export type Phase =
  /** The Worker opens the GPU and reads the images. */
  | "opening"
  /** This browser cannot train: `failure` says why. */
  | "unsupported"
  /** A new run is being built. */
  | "starting"
  /** A run is there and stands still: untrained, or paused. */
  | "idle"
  | "training"
  /** The steps under way are awaited. */
  | "pausing"
  /** One step is under way. */
  | "stepping"
  /** All epochs of the run are done. */
  | "finished"
  /** Something broke: `failure` says what. Reset starts afresh. */
  | "failed";

/** A person's files, which a run can be started with once they are read. */
export interface Offer {
  readonly files: readonly File[];
  /** Undefined while they are being read. */
  readonly images: ImagesSummary | undefined;
  /** While the files are read: the offer before them, which stays where they cannot be used. */
  readonly before?: Offer | undefined;
}

/** A person's picture, decoded. */
export interface TrialPicture {
  readonly name: string;
  readonly pixels: Pixels;
}

/** A person's model file, read. */
export interface TrialModel {
  readonly name: string;
  readonly model: Model;
}

/** What is being done for "Try it". */
export interface TrialWork {
  readonly kind: "reading" | "denoising";
  /** The file that is read, or the picture's. */
  readonly name: string;
}

/** A picture after the network. */
export interface TrialResult extends DenoisedPicture {
  /** The model file; undefined if the network was the run's. */
  readonly modelName: string | undefined;
}

/**
 * All state of the page. Components read it; run-control.ts, image-control.ts, trial-control.ts and the settings change it;
 * nothing else is kept anywhere.
 */
export const store = {
  phase: signal<Phase>("opening"),

  /** Why the phase is "unsupported" or "failed": one sentence. */
  failure: signal<string | undefined>(undefined),

  /** The adapter and the digits; undefined until the Worker is open. */
  laboratory: signal<Laboratory | undefined>(undefined),

  /** The run's images; undefined until there is a run. */
  images: signal<ImagesSummary | undefined>(undefined),

  /** The person's files that the run's images are from, to be read again by a new Worker; none for the digits. */
  files: signal<readonly File[]>([]),

  /** Files that were chosen or dropped, but are not used yet. */
  offer: signal<Offer | undefined>(undefined),

  /** Whether files are being dragged over the page. */
  dragging: signal(false),

  /** Whether `?profile` is in the address. */
  profiling: new URLSearchParams(window.location.search).has("profile"),

  /** The settings as they stand in the form, whether they can be used or not. */
  draft: signal<Draft>(draftOf(defaultTraining)),

  /** Why files or settings could not be used, although each setting by itself can. */
  refusal: signal<string | undefined>(undefined),

  /** The settings of the run that there is. */
  runSpec: signal<TrainingSpec | undefined>(undefined),

  progress: signal<Progress | undefined>(undefined),

  /** Steps a second, training and validation alike. */
  stepsPerSecond: signal<number | undefined>(undefined),

  /** The run's epochs so far, oldest first. */
  epochs: signal<readonly EpochRecord[]>([]),

  /** Labels that pictures are chosen by; none means any. */
  labels: signal<ReadonlySet<number>>(new Set()),

  /** The latest pictures. */
  pictures: signal<Pictures | undefined>(undefined),

  /** GPU time by kernel, if launches are measured. */
  kernels: signal<readonly KernelTime[]>([]),

  /** "Try it": a picture of the person's own, through the network. */
  trial: {
    picture: signal<TrialPicture | undefined>(undefined),

    /** The factor of the Gaussian noise that is put on the picture first; 0 for none. */
    noise: signal(0),

    /** The model to try; undefined for the run's own weights. */
    model: signal<TrialModel | undefined>(undefined),

    /** What is under way. */
    work: signal<TrialWork | undefined>(undefined),

    /** How much of the denoising is done: 0 to 1. */
    share: signal(0),

    /** The picture, denoised; undefined until it was. */
    result: signal<TrialResult | undefined>(undefined),

    /** Why something could not be done: one sentence. */
    fault: signal<string | undefined>(undefined),

    zoom: signal<Zoom>("fit"),

    /** Where before ends and after begins: 0 to 100, from the left. */
    split: signal(50),
  },
};

/** What is known of the training images before they are read. */
const anyImages = { rows: 28, columns: 28, trainingImages: trainingLimits.batch };

/** The draft's settings for a run with these images, or what is wrong with them. */
export function readingFor(images: ImagesSummary | undefined): Reading {
  const { rows, columns, trainingImages } = images ?? anyImages;
  return readDraft(store.draft.value, { rows, columns, count: trainingImages });
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

/** The labels that validation images have, each once. */
export const validationLabels = computed(() =>
  [...new Set(store.images.value?.labels ?? [])].sort((a, b) => a - b),
);

/** Whether the run has not done a step yet. */
export const untouched = computed(() => {
  const { epoch = 0, step = 0 } = store.progress.value ?? {};
  return epoch === 0 && step === 0;
});

/** Whether the form differs from the run, so that only a new run will follow it. */
export const changed = computed(() => {
  const { spec } = reading.value;
  const { value: runSpec } = store.runSpec;
  return runSpec !== undefined && (spec === undefined || !sameSpec(spec, runSpec));
});
