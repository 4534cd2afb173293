import { computed, signal } from "@preact/signals";
import { autoencoder } from "../../spec/network.ts";
import { defaultTraining, type TrainingSpec } from "../../spec/settings.ts";
import type { EpochRecord } from "../../training/history.ts";
import type { Progress } from "../../training/trainer.ts";
import { comparedWith, type ImagesSummary } from "../images/summary.ts";
import type { Backend, GoodPlace, Laboratory } from "../protocol.ts";
import { rememberedKeysOn, rememberKeysOn } from "./options.ts";

/** What the page is doing; the buttons depend on it. */
export type Phase =
  /** The Worker opens the GPU, or the CPU, and reads the images. */
  | "opening"
  /** No device is available, or not the one that the address requests: `failure` says why. */
  | "unsupported"
  /** A new run is being built. */
  | "starting"
  /** There is a run that does not train: it is untrained or paused. */
  | "idle"
  | "training"
  /** The run pauses once the submitted steps are done. */
  | "pausing"
  /** One step is being done. */
  | "stepping"
  /** All epochs of the run are done. */
  | "finished"
  /** An error stopped the run: `failure` says which. Reset builds a new one. */
  | "failed";

/** How a run that was stopped by an error can be continued. */
export interface Rescue {
  /** Its last good state. */
  readonly place: GoodPlace;
  readonly backend: Backend;
  readonly spec: TrainingSpec;
}

/** The tracks of the browser's Performance panel that have the measured launches. */
export const launchTracks = { gpu: "GPU", cpu: "CPU kernels" } as const satisfies Record<Backend, string>;

/** What identifies the page's run. */
export interface CurrentRun {
  /** The id under which the run is stored. */
  readonly id: string;
  readonly spec: TrainingSpec;
  readonly images: ImagesSummary;
  /** Whether the run is among the kept runs, which it is from its first epoch on. */
  readonly kept: boolean;
}

/** The page's run; undefined until the first one is built. */
export const currentRun = signal<CurrentRun | undefined>(undefined);

/**
 * The state of the page and of its run. As in every feature, only files of this folder set these signals, and views never do: they
 * call actions (docs/page-architecture.md).
 */
export const runState = {
  phase: signal<Phase>("opening"),

  /** The latest command: only that one sets the phase when it ends. */
  command: signal<symbol | undefined>(undefined),

  /** Why the phase is "unsupported" or "failed": one sentence. */
  failure: signal<string | undefined>(undefined),

  /** How a run that was stopped by an error can be continued; undefined if it cannot. */
  rescue: signal<Rescue | undefined>(undefined),

  /** Why this run, which continues, was interrupted or started from an older checkpoint: one sentence. */
  recovery: signal<string | undefined>(undefined),

  /** What computes; undefined until the Worker is open. */
  laboratory: signal<Laboratory | undefined>(undefined),

  /** The digits that come with the page; undefined until they are read. */
  digits: signal<ImagesSummary | undefined>(undefined),

  progress: signal<Progress | undefined>(undefined),

  /** Steps per second, training and validation alike. */
  stepsPerSecond: signal<number | undefined>(undefined),

  /** The run's epochs so far, oldest first. */
  epochs: signal<readonly EpochRecord[]>([]),

  /** The latest epoch in words, for screen readers; it changes slowly enough to be read out. */
  announcement: signal(""),
};

/** The keys that work anywhere on the page: whether they are on, and whether the list of all keys is open. */
export const keysState = { on: signal(rememberedKeysOn()), shown: signal(false) };

/** The settings of the page's run. */
export const runSpec = computed(() => currentRun.value?.spec);

/** What the output of the page's run, or of the first one, is compared with. */
export const comparison = computed(() => comparedWith(runSpec.value ?? defaultTraining));

/** The images of the page's run. */
export const runImages = computed(() => currentRun.value?.images);

export const runId = computed(() => currentRun.value?.id);

/** The id of the page's run if it is among the kept runs. */
export const keptRunId = computed(() => (currentRun.value?.kept ? currentRun.value.id : undefined));

/** The network of the page's run. */
export const runNetwork = computed(() => {
  const { value: spec } = runSpec;
  const { value: images } = runImages;
  return spec && images && autoencoder([images.rows, images.columns], spec.hidden, spec);
});

/** Whether the run has not done a step yet. */
export const untouched = computed(() => {
  const { epoch = 0, step = 0 } = runState.progress.value ?? {};
  return epoch === 0 && step === 0;
});

/** Whether the run is training or doing a step. */
export const learns = computed(() => {
  const { value: phase } = runState.phase;
  return phase === "training" || phase === "pausing" || phase === "stepping";
});

/** Records whether the page's run is among the kept runs. */
export function markKept(kept: boolean): void {
  const { value: run } = currentRun;
  if (run && run.kept !== kept) currentRun.value = { ...run, kept };
}

/** Opens or closes the list of the keys. */
export function showKeys(shown: boolean): void {
  keysState.shown.value = shown;
}

/** Switches the keys on or off, for this visit and later ones (w3.org/TR/WCAG22/#character-key-shortcuts). */
export function switchKeys(on: boolean): void {
  keysState.on.value = on;
  rememberKeysOn(on);
}
