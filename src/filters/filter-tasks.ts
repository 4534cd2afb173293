import type { Picture } from "../data/picture.ts";
import { pictureOf, planesOf } from "../data/picture-planes.ts";
import type { Plane } from "../data/plane.ts";
import { type ImageScores, imageScores } from "../metrics/image-scores.ts";
import { biasCorrection, type NoisyMean } from "./bias-correction.ts";
import type { FilterName } from "./filter.ts";
import { filters } from "./filters.ts";
import { applyTuned, tuneFilter } from "./tune.ts";

/** A picture under noise, and what it should become. */
export interface Sample {
  readonly noisy: Picture;
  readonly clean: Picture;
}

/** What a filter is set to. */
export interface FilterSetting {
  readonly strength: number;
  /** Whether its output goes through the noise's bias correction. */
  readonly corrected: boolean;
}

/** The best setting for some samples, and the mean PSNR in dB that it reaches on them. */
export interface TunedFilter extends FilterSetting {
  readonly psnr: number;
}

/** The work on samples of one noise that classical filters make: plain data in, plain data out. */
export interface FilterTasks {
  /** Finds a filter's best setting. A colour picture's channels are samples of their own. */
  tune(filter: FilterName, samples: readonly Sample[]): TunedFilter;
  /** What a filter makes of samples, channel by channel, held against the clean ones. */
  score(filter: FilterName, setting: FilterSetting, samples: readonly Sample[]): ImageScores[];
  /** A picture after a filter, channel by channel, in [0, 1]. */
  apply(filter: FilterName, setting: FilterSetting, noisy: Picture): Picture;
}

/** The work for a noise whose mean this is; undefined where outputs are not to be corrected for it. */
export function filterTasks(mean: NoisyMean | undefined): FilterTasks {
  const correction = mean && biasCorrection(mean);
  const apply: FilterTasks["apply"] = (filter, { strength, corrected }, noisy) => {
    const tuning = { strength, correction: corrected ? correction : undefined };
    return pictureOf(planesOf(noisy).map((plane) => applyTuned(filters[filter], tuning, plane)));
  };
  return {
    apply,
    tune(filter, samples) {
      const pairs = samples.flatMap(({ noisy, clean }) => zip(planesOf(noisy), planesOf(clean)));
      const tuning = tuneFilter(filters[filter], pairs, correction);
      const { strength, psnr } = tuning;
      return { strength, corrected: tuning.correction !== undefined, psnr };
    },
    score: (filter, setting, samples) =>
      samples.map(({ noisy, clean }) => imageScores(apply(filter, setting, noisy), clean)),
  };
}

function zip(noisy: readonly Plane[], clean: readonly Plane[]): { noisy: Plane; clean: Plane }[] {
  return noisy.map((plane, channel) => ({ noisy: plane, clean: clean[channel] ?? plane }));
}
