import { type FilterName, filterWords } from "../../filters/filter.ts";
import type { MeanScores } from "../runs/run-record.ts";
import type { FilterResult, SampleScores } from "./protocol.ts";

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

/** All classical filters, the fastest first. */
export const fastestFirst: readonly FilterName[] = [
  "gaussian",
  "total-variation",
  "median",
  "dct",
  "bilateral",
  "wavelet",
  "non-local-means",
  "bm3d",
];
