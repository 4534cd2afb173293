import type { RangeChoice } from "../data/sample-range.ts";
import type { FilterPlace } from "../filtering/place-of-filters.ts";
import type { FilterName } from "../filters/filter.ts";
import type { TrainingNote } from "../formats/training-note.ts";
import { InputError } from "../spec/input-error.ts";
import { type NoiseSpec, noNoise } from "../spec/noise.ts";
import { defaultTraining, settings, type TrainingSpec } from "../spec/settings.ts";
import type { ComputeOptions } from "./compute.ts";
import type { ModelOptions } from "./model-options.ts";

/** The parsed options of `unsnow evaluate`. */
export interface EvaluateOptions extends ModelOptions, ComputeOptions {
  readonly data: string;
  readonly valData?: string;
  readonly noisy?: string;
  readonly valNoisy?: string;
  /** Undefined for what the model was trained on. */
  readonly noise?: NoiseSpec;
  /** Undefined for what the model was trained with. */
  readonly seed?: number;
  /** Pixels between the windows in which pictures of a folder are denoised; undefined for the default. */
  readonly stride?: number;
  /** The sample values of black and white; undefined for those that the model was trained on, or the full range of the bits. */
  readonly range?: RangeChoice;
  readonly filters: readonly FilterName[];
  /** Where filters with kernels run; undefined for the faster place. */
  readonly filtersOn?: FilterPlace;
  /** Images that the filters are tuned on; undefined for the default number. */
  readonly tuneCount?: number;
  /** A JSON file for the results. */
  readonly json?: string;
  readonly perImage?: boolean;
  readonly quiet?: boolean;
}

/** The default numbers to tune on: of images of one size, and of pictures of a folder, which are larger. */
export const usualTuneCounts = { images: 200, pictures: 40 } as const;

/** The noise and the seed of an evaluation, and a remark if the noise is a guess. */
export interface EvaluationNoise extends Pick<TrainingSpec, "noise" | "seed"> {
  readonly remark?: string;
}

/** The given noise and seed, or those of the model's training, or the defaults of training. Throws an InputError. */
export function evaluationNoise(
  { model, noise, noisy, seed }: EvaluateOptions,
  note: TrainingNote | undefined,
): EvaluationNoise {
  const settled = { seed: seed ?? note?.seed ?? defaultTraining.seed };
  settings.seed.check(settled.seed);
  if (noise) return { ...settled, noise };
  if (noisy !== undefined) return { ...settled, noise: noNoise };
  if (note?.noise.stages.length === 0) {
    throw new InputError(
      `${model} was trained without added noise, so it needs --noisy, the noisy twins of the images, or --noise.`,
    );
  }
  if (note) return { ...settled, noise: note.noise };
  const remark = `${model} does not say which noise it was trained on.`;
  return { ...settled, noise: defaultTraining.noise, remark };
}
