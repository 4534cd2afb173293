import type { Picture } from "../data/picture.ts";
import { pictureOf, planesOf } from "../data/picture-planes.ts";
import type { Plane } from "../data/plane.ts";
import { type ImageScores, imageScores } from "../metrics/image-scores.ts";
import { type ApplyFilter, applyOnCpu } from "./apply-filter.ts";
import { biasCorrection, type NoisyMean } from "./bias-correction.ts";
import type { FilterName } from "./filter.ts";
import { filters } from "./filters.ts";
import { finished, tuneFilter } from "./tune.ts";

/** A noisy picture and its target. */
export interface Sample {
  readonly noisy: Picture;
  readonly clean: Picture;
  /** The standard deviation of Gaussian noise; undefined for other noises. */
  readonly strength?: number | undefined;
}

/** The parameters of a filter. */
export interface FilterSetting {
  readonly strength: number;
  /** Whether the noise's bias correction is applied to its output. */
  readonly corrected: boolean;
}

/** The best setting for some samples, and its mean PSNR in dB on them. */
export interface TunedFilter extends FilterSetting {
  readonly psnr: number;
}

/** The work of classical filters on samples of one noise. All inputs and outputs are plain data. */
export interface FilterTasks {
  /** Finds a filter's best setting. Each channel of a colour picture is a separate sample. */
  tune(filter: FilterName, samples: readonly Sample[]): Promise<TunedFilter>;
  /** Scores a filter's output for samples, channel by channel, against the clean ones. */
  score(filter: FilterName, setting: FilterSetting, samples: readonly Sample[]): Promise<ImageScores[]>;
  /** A filtered picture, channel by channel, in [0, 1]. */
  apply(filter: FilterName, setting: FilterSetting, noisy: Picture): Promise<Picture>;
}

/**
 * The tasks for a noise with this mean; undefined if outputs are not corrected for it. `applyFilter` runs the
 * filters.
 */
export function filterTasks(mean: NoisyMean | undefined, applyFilter: ApplyFilter = applyOnCpu): FilterTasks {
  const correction = mean && biasCorrection(mean);
  /** Filters pictures; the planes of all are filtered together. */
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
