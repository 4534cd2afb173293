import type { Picture } from "../data/picture.ts";
import { pictureOf, planesOf } from "../data/picture-planes.ts";
import type { Plane } from "../data/plane.ts";
import { type ImageScores, imageScores } from "../metrics/image-scores.ts";
import { type ApplyFilter, applyOnCpu } from "./apply-filter.ts";
import { biasCorrection, type NoisyMean } from "./bias-correction.ts";
import type { FilterName } from "./filter.ts";
import { filters } from "./filters.ts";
import { finished, tuneFilter } from "./tune.ts";

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
  tune(filter: FilterName, samples: readonly Sample[]): Promise<TunedFilter>;
  /** Scores a filter's output for samples, channel by channel, against the clean ones. */
  score(filter: FilterName, setting: FilterSetting, samples: readonly Sample[]): Promise<ImageScores[]>;
  /** A picture after a filter, channel by channel, in [0, 1]. */
  apply(filter: FilterName, setting: FilterSetting, noisy: Picture): Promise<Picture>;
}

/**
 * The work for a noise whose mean this is; undefined where outputs are not to be corrected for it. `applyFilter` is
 * where the filters run.
 */
export function filterTasks(mean: NoisyMean | undefined, applyFilter: ApplyFilter = applyOnCpu): FilterTasks {
  const correction = mean && biasCorrection(mean);
  /** Pictures after a filter; the planes of all are filtered together. */
  const applyAll = async (
    filter: FilterName,
    { strength, corrected }: FilterSetting,
    pictures: readonly Picture[],
  ): Promise<Picture[]> => {
    const filtered = await applyFilter(filter, pictures.flatMap(planesOf), strength);
    const planes = filtered.map((plane) => finished(plane, corrected ? correction : undefined));
    return pictures.map(({ channels }) => pictureOf(planes.splice(0, channels)));
  };
  return {
    async apply(filter, setting, noisy) {
      const [picture = noisy] = await applyAll(filter, setting, [noisy]);
      return picture;
    },
    async tune(filter, samples) {
      const pairs = samples.flatMap(({ noisy, clean }) => zip(planesOf(noisy), planesOf(clean)));
      const tuning = await tuneFilter(filters[filter], pairs, correction, (planes, strength) =>
        applyFilter(filter, planes, strength),
      );
      const { strength, psnr } = tuning;
      return { strength, corrected: tuning.correction !== undefined, psnr };
    },
    async score(filter, setting, samples) {
      const noisy = samples.map((sample) => sample.noisy);
      const pictures = await applyAll(filter, setting, noisy);
      return samples.map(({ noisy, clean }, index) => imageScores(pictures[index] ?? noisy, clean));
    },
  };
}

function zip(noisy: readonly Plane[], clean: readonly Plane[]): { noisy: Plane; clean: Plane }[] {
  return noisy.map((plane, channel) => ({ noisy: plane, clean: clean[channel] ?? plane }));
}
