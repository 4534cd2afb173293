import { computed, signal } from "@preact/signals";
import type { KernelTime } from "../gpu/profiler.ts";
import { defaultTraining, type TrainingSpec, trainingLimits } from "../spec/training.ts";
import type { EpochRecord } from "../training/history.ts";
import type { Progress } from "../training/trainer.ts";
import { type Draft, draftOf, readDraft, sameSpec } from "./settings/draft.ts";
import type { Laboratory, Pictures } from "./worker/training-service.ts";

/** What the page is doing, as far as its buttons are concerned. */
export type Phase =
  /** The Worker opens the GPU and reads the digits. */
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

/** All state of the page. Components read it; run-control.ts and the settings change it; nothing else is kept anywhere. */
export const store = {
  phase: signal<Phase>("opening"),

  /** Why the phase is "unsupported" or "failed": one sentence. */
  failure: signal<string | undefined>(undefined),

  /** The adapter and the images; undefined until the Worker is open. */
  laboratory: signal<Laboratory | undefined>(undefined),

  /** Whether `?profile` is in the address. */
  profiling: new URLSearchParams(window.location.search).has("profile"),

  /** The settings as they stand in the form, whether they can be used or not. */
  draft: signal<Draft>(draftOf(defaultTraining)),

  /** Why the settings could not be used although each of them can. */
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
};

/** What is known of the training images before they are read. */
const anyImages = { count: trainingLimits.batch, rows: 28, columns: 28 };

/** The draft's settings, or what is wrong with them. */
export const reading = computed(() => {
  const { trainingImages, validation } = store.laboratory.value ?? {};
  const images = validation && trainingImages ? { ...validation, count: trainingImages } : anyImages;
  return readDraft(store.draft.value, images);
});

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
