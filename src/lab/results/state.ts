import { batch, computed, signal } from "@preact/signals";
import type { KernelTime } from "../../device/device.ts";
import type { FilterName } from "../../filters/filter.ts";
import { defaultTraining } from "../../spec/settings.ts";
import { comparison, runSpec, runState } from "../run/state.ts";
import { overlays } from "../runs/state.ts";
import { settingsState } from "../settings/state.ts";
import { comparedWith } from "../shared/comparison.ts";
import { allEpochs, type EpochRange } from "./curves.ts";
import { levelsBy, type ScoredEpoch, type ScoreName } from "./levels.ts";
import type { FilterResult, SampleScores } from "./protocol.ts";

/** The scale of the loss chart's vertical axis. */
export type LossScale = "linear" | "log";

/** The state of the charts and of the comparison with filters. */
export const resultsState = {
  lossScale: signal<LossScale>("linear"),

  /** The epochs that both charts show; undefined for all. */
  zoom: signal<EpochRange | undefined>(undefined),

  /** The score that is drawn. */
  score: signal<ScoreName>("psnr"),

  /** The run's scores on its sample: untrained, and after epochs; not after every epoch if epochs are short. */
  scores: signal<readonly SampleScores[]>([]),

  /** The classical filters that are tuned and scored, in the order in which they were done. */
  filters: signal<readonly FilterResult[]>([]),

  /** The filter that is being tuned. */
  tuning: signal<FilterName | undefined>(undefined),

  /** Why the filters could not be compared: one sentence. */
  fault: signal<string | undefined>(undefined),

  /** Time by kernel, if launches are measured. */
  kernels: signal<readonly KernelTime[]>([]),
};

/** The loss of the page's run, or of the next one if there is none. */
export const lossInUse = computed(() => (runSpec.value ?? settingsState.draft.value).loss);

/** The runs in the charts that have the same kind of loss, so that they can share an axis. */
export const lossOverlays = computed(() =>
  overlays.value.filter(({ run }) => run.spec.loss === lossInUse.value),
);

/** The epochs that the charts show unless they are zoomed. */
export const everyEpoch = computed(() => {
  const done = [runState.epochs.value, ...overlays.value.map(({ run }) => run.epochs)];
  const most = Math.max(...done.map(({ length }) => length));
  return allEpochs(most, (runSpec.value ?? defaultTraining).epochs);
});

/** The epochs that the charts show. */
export const shownEpochs = computed(() => resultsState.zoom.value ?? everyEpoch.value);

/** The score that is drawn; without clean images there is no SSIM. */
export const scoreInUse = computed<ScoreName>(() =>
  comparison.value === "nothing" ? "psnr" : resultsState.score.value,
);

/** The run's scores after epochs: those on its sample or, without clean images, the PSNR to hidden noisy pixels. */
export const scoredEpochs = computed<readonly ScoredEpoch[]>(() =>
  comparison.value === "nothing"
    ? runState.epochs.value.map(({ epoch, valPsnr }) => ({
        epoch,
        denoised: { psnr: valPsnr, ssim: undefined },
      }))
    : resultsState.scores.value.filter(({ epoch }) => epoch > 0),
);

/** The runs in the charts whose scores mean the same, so that they can share an axis. */
export const scoreOverlays = computed(() =>
  overlays.value.filter(({ run }) => comparedWith(run.spec) === comparison.value),
);

/** The levels that the network is compared with, the best first by the score that is drawn. */
export const levels = computed(() => {
  const { scores, filters } = resultsState;
  return levelsBy(scoreInUse.value, scores.value[0]?.noisy, filters.value);
});

/** A step of training or validation begins with one launch of one of these kernels. */
const firstKernels: ReadonlySet<string> = new Set(["corrupt_batch", "corrupt_patches"]);

/** The kernels' time in milliseconds per step; undefined before a step was measured. */
export function kernelTimePerStep(kernels: readonly KernelTime[]): number | undefined {
  const steps = kernels
    .filter(({ kernel }) => firstKernels.has(kernel))
    .reduce((sum, { launches }) => sum + launches, 0);
  const total = kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return steps > 0 ? total / steps : undefined;
}

/** Replaces the scores by those of a run that continues. */
export function replaceScores(scores: readonly SampleScores[]): void {
  resultsState.scores.value = scores;
}

/** Adds scores; those of epoch 0 start a new run. Epochs that are repeated after a lost device give the same scores again. */
export function addScores(scores: SampleScores): void {
  const latest = resultsState.scores.value.at(-1)?.epoch ?? 0;
  if (scores.epoch === 0) resultsState.scores.value = [scores];
  else if (scores.epoch > latest) resultsState.scores.value = [...resultsState.scores.value, scores];
}

export function takeKernelTimes(kernels: readonly KernelTime[]): void {
  resultsState.kernels.value = kernels;
}

export function showAllEpochs(): void {
  resultsState.zoom.value = undefined;
}

/** Drops the results of a run that no longer exists. */
export function forgetResults(): void {
  batch(() => {
    resultsState.scores.value = [];
    resultsState.kernels.value = [];
    showAllEpochs();
  });
}
