import { batch, computed, signal } from "@preact/signals";
import type { KernelTime } from "../../device/device.ts";
import { type FilterName, filterWords } from "../../filters/filter.ts";
import { defaultTraining } from "../../spec/settings.ts";
import { comparedWith } from "../images/summary.ts";
import type { FilterResult, SampleScores } from "../protocol.ts";
import { comparison, runSpec, runState } from "../run/state.ts";
import type { MeanScores } from "../runs/run-record.ts";
import { overlays } from "../runs/state.ts";
import { settingsState } from "../settings/state.ts";
import { allEpochs, type EpochRange } from "./curves.ts";

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

export type ScoreName = keyof MeanScores;

/** The network's scores after an epoch. */
export type ScoredEpoch = Pick<SampleScores, "epoch" | "denoised">;

/** A level that the network is compared with: the noisy images themselves, or a classical filter. */
export interface Level extends MeanScores {
  readonly name: "noisy" | FilterName;
  /** "non-local means" */
  readonly title: string;
  /** The short text at its line. */
  readonly label: string;
  /** Undefined for the noisy images. */
  readonly result: FilterResult | undefined;
}

const labels: { readonly [F in FilterName]: string } = {
  gaussian: "Gaussian",
  median: "median",
  bilateral: "bilateral",
  "non-local-means": "NL means",
  "total-variation": "total var.",
  wavelet: "wavelet",
  dct: "DCT",
  bm3d: "BM3D",
};

/** The levels by a score, the best first. */
export function levelsBy(
  score: ScoreName,
  noisy: MeanScores | undefined,
  results: readonly FilterResult[],
): readonly Level[] {
  const levels: Level[] = results.map((result) => ({
    name: result.filter,
    title: filterWords[result.filter].title,
    label: labels[result.filter],
    result,
    ...result.scores,
  }));
  if (noisy)
    levels.push({ name: "noisy", title: "noisy images", label: "noisy", result: undefined, ...noisy });
  return levels.sort((a, b) => (b[score] ?? 0) - (a[score] ?? 0));
}

/** The first epoch whose score is above the level's; undefined while there is none. */
export function passedAt(
  level: MeanScores,
  score: ScoreName,
  epochs: readonly ScoredEpoch[],
): number | undefined {
  const limit = level[score];
  if (limit === undefined) return undefined;
  return epochs.find(({ denoised }) => (denoised[score] ?? Number.NEGATIVE_INFINITY) > limit)?.epoch;
}
