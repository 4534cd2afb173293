import type { Plane } from "../data/plane.ts";
import { filterGroups, type GroupSettings } from "./bm3d-groups.ts";
import { cosineTransform, splineTransform } from "./bm3d-transforms.ts";
import type { ClassicalFilter } from "./filter.ts";
import { mirror } from "./mirror.ts";
import type { Matrix } from "./wavelet-transform.ts";

/** The parameters of BM3D for noise of a strength. */
export interface Bm3dSettings {
  /** Standard deviation of the noise. */
  readonly sigma: number;
  /** The step with hard thresholding, and its threshold in standard deviations. */
  readonly hard: GroupSettings & { readonly threshold: number };
  /** The step with the Wiener filter. */
  readonly wiener: GroupSettings;
}

/** Filters groups of similar blocks. */
export const bm3d: ClassicalFilter = {
  name: "bm3d",
  strengths: [0.02, 0.04, 0.08, 0.15, 0.25, 0.4, 0.7, 1.2],
  whole: false,
  apply: (plane, sigma) => denoiseBm3d(plane, bm3dSettings(sigma)),
};

const [spline8, cosine8, cosine11] = [splineTransform(8), cosineTransform(8), cosineTransform(11)];

/** Strengths are published for grey values from 0 to 255. */
const white = 255;

/** Above this strength blocks are compared and thresholded differently. */
const strongSigma = 40 / white;

/** The highest strength for which parameters are published. */
const publishedSigma = 100 / white;

/**
 * The parameters that the authors chose for grey pictures, in the version of their program that later publications compare with: the
 * normal profile of table I of the paper, but for a limit of 3000 instead of 2500, which is 0.2 dB better at a strength of 40, and
 * another profile for strong noise. Above the strengths that they were chosen for, the limits of similarity grow with the
 * variance of the noise.
 */
export function bm3dSettings(sigma: number): Bm3dSettings {
  const shared = { distance: 19, beta: 2 };
  if (sigma <= strongSigma) {
    const blocks = { ...shared, size: 8, stride: 3 };
    return {
      sigma,
      hard: { ...blocks, transform: spline8, most: 16, limit: 3000 / white ** 2, threshold: 2.7 },
      wiener: { ...blocks, transform: cosine8, most: 32, limit: 400 / white ** 2 },
    };
  }
  const growth = Math.max(1, (sigma / publishedSigma) ** 2) / white ** 2;
  return {
    sigma,
    hard: {
      ...shared,
      size: 8,
      stride: 4,
      transform: spline8,
      most: 32,
      limit: 25000 * growth,
      threshold: 2.8,
    },
    wiener: { ...shared, size: 11, stride: 6, transform: cosine11, most: 32, limit: 3500 * growth },
  };
}

/**
 * Block-matching and 3D filtering (Dabov, Foi, Katkovnik and Egiazarian, "Image denoising by sparse 3-D transform-domain
 * collaborative filtering", IEEE Transactions on Image Processing 16(8), 2007): similar blocks are stacked to groups, whose 3D
 * spectra are shrunk, and each pixel becomes the weighted mean of the blocks that cover it. The first step sets small coefficients to
 * zero. The second groups the blocks of the first one's result and applies the Wiener filter that this result suggests. The mean of a
 * group is kept in both. A plane smaller than a block is mirrored beyond its edges.
 */
export function denoiseBm3d(plane: Plane, { sigma, hard, wiener }: Bm3dSettings): Plane {
  const { rows, columns } = plane;
  if (sigma === 0) return { rows, columns, values: plane.values.slice() };
  const noisy = atLeast(plane, Math.max(hard.size, wiener.size));
  const basic = filterGroups([noisy], hard, hardThresholding(hard, sigma));
  const { values, columns: stride } = filterGroups([basic, noisy], wiener, wienerFilter(wiener, sigma));
  const denoised = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    denoised.set(values.subarray(row * stride, row * stride + columns), row * columns);
  }
  return { rows, columns, values: denoised };
}

/** The plane in float64, mirrored at its lower and right edges where it has fewer than `size` rows or columns. */
function atLeast(plane: Plane, size: number): Matrix {
  const rows = Math.max(plane.rows, size);
  const columns = Math.max(plane.columns, size);
  const values = new Float64Array(rows * columns);
  for (let row = 0, to = 0; row < rows; row++) {
    const from = mirror(row, plane.rows) * plane.columns;
    for (let column = 0; column < columns; column++, to++) {
      values[to] = plane.values[from + mirror(column, plane.columns)] ?? 0;
    }
  }
  return { rows, columns, values };
}

/** Sets small coefficients to zero; the weight of a group is higher the fewer are left (equation 10 of the paper). */
function hardThresholding({ size, threshold }: Bm3dSettings["hard"], sigma: number) {
  const least = threshold * sigma;
  return ([spectrum = new Float64Array()]: readonly Float64Array[], count: number): number => {
    const length = count * size ** 2;
    let kept = 1;
    for (let at = 1; at < length; at++) {
      if (Math.abs(spectrum[at] ?? 0) >= least) kept++;
      else spectrum[at] = 0;
    }
    return 1 / kept;
  };
}

/** Multiplies the noisy spectrum by the factors of the Wiener filter; the weight is 1 / their sum of squares (equation 11). */
function wienerFilter({ size }: GroupSettings, sigma: number) {
  const variance = sigma ** 2;
  return (
    [basic = new Float64Array(), noisy = new Float64Array()]: readonly Float64Array[],
    count: number,
  ): number => {
    const length = count * size ** 2;
    let squares = 1;
    for (let at = 1; at < length; at++) {
      const power = (basic[at] ?? 0) ** 2;
      const factor = power / (power + variance);
      noisy[at] = (noisy[at] ?? 0) * factor;
      squares += factor ** 2;
    }
    return 1 / squares;
  };
}
