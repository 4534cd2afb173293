import type { Plane } from "../data/plane.ts";
import { normalCumulative, normalDensity } from "../math/normal-distribution.ts";

/**
 * Clipped noise shifts the mean: a black pixel under clipped Gaussian noise of factor 0.5 is 0.2 on average. A filter
 * that averages finds that mean and not the clean value, so its output needs the inverse of that mean.
 */

/** The mean noisy value of a clean value in [0, 1]; it increases with the value. */
export type NoisyMean = (clean: number) => number;

/** Maps the mean of a noisy value to the clean value in [0, 1]. */
export type BiasCorrection = (mean: number) => number;

/** The mean of clip(clean + sigma * N(0, 1)) to [0, 1], with an absolute error of 1e-14. */
export function clippedMean(clean: number, sigma: number): number {
  if (sigma === 0) return Math.min(Math.max(clean, 0), 1);
  const toBlack = -clean / sigma;
  const toWhite = (1 - clean) / sigma;
  const belowWhite = normalCumulative(toWhite);
  const between = belowWhite - normalCumulative(toBlack);
  return clean * between + sigma * (normalDensity(toBlack) - normalDensity(toWhite)) + 1 - belowWhite;
}

/** The standard deviation of clip(clean + sigma * N(0, 1)) to [0, 1]. */
export function clippedDeviation(clean: number, sigma: number): number {
  if (sigma === 0) return 0;
  const toBlack = -clean / sigma;
  const toWhite = (1 - clean) / sigma;
  const [low, high] = [normalDensity(toBlack), normalDensity(toWhite)];
  const belowWhite = normalCumulative(toWhite);
  const between = belowWhite - normalCumulative(toBlack);
  const squares =
    clean ** 2 * between +
    2 * clean * sigma * (low - high) +
    sigma ** 2 * (between + toBlack * low - toWhite * high) +
    1 -
    belowWhite;
  return Math.sqrt(Math.max(0, squares - clippedMean(clean, sigma) ** 2));
}

const intervals = 4096;

/**
 * The inverse of a noise's mean, from a table with linear interpolation. Means outside the range for clean values in
 * [0, 1] become 0 or 1, whichever is nearer. Throws a RangeError when the mean does not increase from black to white,
 * because it then has no inverse.
 */
export function biasCorrection(noisyMean: NoisyMean): BiasCorrection {
  const means = Float64Array.from({ length: intervals + 1 }, (_, index) => noisyMean(index / intervals));
  const meanAt = (index: number) => means[index] ?? Number.NaN;
  for (let index = 0; index < intervals; index++) {
    if (!(meanAt(index) < meanAt(index + 1))) {
      throw new RangeError(`The noise's mean does not increase at the clean value ${index / intervals}.`);
    }
  }
  return (mean) => {
    if (mean <= meanAt(0)) return 0;
    if (mean >= meanAt(intervals)) return 1;
    let below = 0;
    let above = intervals;
    while (above - below > 1) {
      const middle = (below + above) >> 1;
      if (meanAt(middle) <= mean) below = middle;
      else above = middle;
    }
    return (below + (mean - meanAt(below)) / (meanAt(above) - meanAt(below))) / intervals;
  };
}

/** A filter's output with every value corrected, and therefore in [0, 1]. */
export function unbias({ rows, columns, values }: Plane, correction: BiasCorrection): Plane {
  return { rows, columns, values: values.map(correction) };
}
