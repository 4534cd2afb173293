import type { Plane } from "../data/plane.ts";
import type { ClassicalFilter } from "./filter.ts";
import { type MirroredPlane, mirrored } from "./mirror.ts";
import { noiseStrengths } from "./noise-strengths.ts";

/** The settings of non-local means. */
export interface NonLocalMeansSettings {
  /** The side of the compared patches in pixels, odd. */
  readonly patch: number;
  /** The search distance: the largest offset of a compared patch, in rows and columns. */
  readonly distance: number;
  /** The filter strength: the weight is 1/e where the mean squared difference of two patches is h^2. Above 0. */
  readonly h: number;
  /** Standard deviation of the noise; twice its square is subtracted from the difference of patches. 0 if unknown. */
  readonly sigma: number;
}

/** A good h when the noise is subtracted from the differences, as a multiple of the noise's standard deviation. */
const hPerSigma = 0.8;

/** The settings for noise of a standard deviation. */
export function nonLocalMeansSettings(sigma: number): NonLocalMeansSettings {
  return { patch: 5, distance: 6, h: hPerSigma * sigma, sigma };
}

/** Averages pixels with similar neighbourhoods. */
export const nonLocalMeans: ClassicalFilter = {
  name: "non-local-means",
  strengths: noiseStrengths,
  whole: false,
  apply: (plane, sigma) => denoiseNonLocalMeans(plane, nonLocalMeansSettings(sigma)),
};

/**
 * Each pixel becomes the mean of the surrounding pixels, weighted by exp(-max(d - 2 sigma^2, 0) / h^2), where d is
 * the mean squared difference of the two pixels' patches (Buades, Coll and Morel, "A non-local algorithm for image
 * denoising", CVPR 2005, with the noise subtracted as in their IPOL article of 2011). The plane is mirrored beyond
 * its edges. All patches with the same offset are compared at once, by an integral image (Darbon et al., ISBI 2008).
 */
export function denoiseNonLocalMeans(plane: Plane, settings: NonLocalMeansSettings): Plane {
  const { rows, columns } = plane;
  const { patch, distance, h, sigma } = settings;
  if (h === 0) return { rows, columns, values: plane.values.slice() };
  const margin = distance + (patch >> 1);
  const around = mirrored(plane, margin);
  const stride = columns + patch;
  const integral = new Float64Array((rows + patch) * stride);
  const weightSums = new Float64Array(rows * columns);
  const valueSums = new Float64Array(rows * columns);
  for (let down = -distance; down <= distance; down++) {
    for (let right = -distance; right <= distance; right++) {
      integrateDifferences(around, plane, settings, down, right, integral);
      for (let row = 0, pixel = 0; row < rows; row++) {
        let above = row * stride;
        let below = above + patch * stride;
        let other = (row + margin + down) * around.stride + margin + right;
        for (let column = 0; column < columns; column++, pixel++, above++, below++, other++) {
          const difference =
            (integral[below + patch] ?? 0) -
            (integral[below] ?? 0) -
            (integral[above + patch] ?? 0) +
            (integral[above] ?? 0);
          const excess = Math.max(difference / patch ** 2 - 2 * sigma ** 2, 0);
          const weight = Math.exp(-excess / h ** 2);
          weightSums[pixel] = (weightSums[pixel] ?? 0) + weight;
          valueSums[pixel] = (valueSums[pixel] ?? 0) + weight * (around.values[other] ?? 0);
        }
      }
    }
  }
  const values = new Float32Array(rows * columns);
  for (let pixel = 0; pixel < values.length; pixel++) {
    values[pixel] = (valueSums[pixel] ?? 0) / (weightSums[pixel] ?? 0);
  }
  return { rows, columns, values };
}

/**
 * Computes the integral image of the squared differences between the plane and itself shifted by (down, right).
 * `integral` is [rows + patch, columns + patch], with a zero first row and column. The corners of the patch around
 * pixel (row, column) are at (row, column) and (row + patch, column + patch).
 */
function integrateDifferences(
  { stride: valueStride, values }: MirroredPlane,
  { rows, columns }: Plane,
  { patch, distance }: NonLocalMeansSettings,
  down: number,
  right: number,
  integral: Float64Array,
): void {
  const stride = columns + patch;
  const shift = down * valueStride + right;
  for (let row = 1; row < rows + patch; row++) {
    let here = (row - 1 + distance) * valueStride + distance;
    let to = row * stride + 1;
    let rowSum = 0;
    for (let column = 1; column < stride; column++, here++, to++) {
      rowSum += ((values[here] ?? 0) - (values[here + shift] ?? 0)) ** 2;
      integral[to] = (integral[to - stride] ?? 0) + rowSum;
    }
  }
}
