import type { Plane } from "../data/plane.ts";
import type { ClassicalFilter } from "./filter.ts";
import { noiseStrengths } from "./noise-strengths.ts";
import { haar, joinLevel, type Matrix, splitLevel, type Wavelet } from "./wavelet-transform.ts";

/** The settings of wavelet shrinkage. */
export interface WaveletSettings {
  /** Standard deviation of the noise. */
  readonly sigma: number;
  readonly wavelet: Wavelet;
  /** The number of times the low frequencies are split again. */
  readonly levels: number;
  /** The output is the mean over all shifts of the plane by 0 to this many rows and columns; 0 for no shifts. */
  readonly shifts: number;
}

/** The Haar wavelet. Averaged over shifts, it denoises as well as smoother wavelets (digits better), in less time. */
export const wavelet: ClassicalFilter = {
  name: "wavelet",
  strengths: noiseStrengths,
  whole: false,
  apply: (plane, sigma) =>
    denoiseWavelet(plane, { sigma, wavelet: haar, levels: haarLevels(plane), shifts: 3 }),
};

/** All levels except the three coarsest, which hold little noise; at least two. */
function haarLevels({ rows, columns }: Plane): number {
  return Math.max(Math.floor(Math.log2(Math.min(rows, columns))) - 3, 2);
}

/**
 * Soft-thresholds each detail band of a wavelet transform by BayesShrink (Chang, Yu and Vetterli, "Adaptive wavelet
 * thresholding for image denoising and compression", IEEE Transactions on Image Processing 2000). The mean over
 * shifts, which wrap around, removes the block artefacts of the transform's grid (cycle spinning: Coifman and Donoho,
 * "Translation-invariant de-noising", 1995).
 */
export function denoiseWavelet(plane: Plane, settings: WaveletSettings): Plane {
  const { rows, columns } = plane;
  const { sigma, wavelet, levels, shifts } = settings;
  if (sigma === 0) return { rows, columns, values: plane.values.slice() };
  const noisy = { rows, columns, values: Float64Array.from(plane.values) };
  const sums = new Float64Array(rows * columns);
  for (let down = 0; down <= shifts; down++) {
    for (let right = 0; right <= shifts; right++) {
      const clean = shrinkDetails(shift(noisy, down, right), wavelet, levels, sigma);
      const { values } = shift(clean, -down, -right);
      for (let pixel = 0; pixel < sums.length; pixel++)
        sums[pixel] = (sums[pixel] ?? 0) + (values[pixel] ?? 0);
    }
  }
  return { rows, columns, values: Float32Array.from(sums, (sum) => sum / (shifts + 1) ** 2) };
}

/** The picture with the noise removed from its details of `levels` levels. */
function shrinkDetails(picture: Matrix, wavelet: Wavelet, levels: number, sigma: number): Matrix {
  if (levels === 0) return picture;
  const level = splitLevel(picture, wavelet);
  const approximation = shrinkDetails(level.approximation, wavelet, levels - 1, sigma);
  const [down, across, diagonal] = level.details;
  const details = [shrink(down, sigma), shrink(across, sigma), shrink(diagonal, sigma)] as const;
  return joinLevel({ ...level, approximation, details }, wavelet);
}

/**
 * Soft-thresholds a band at noise variance / signal deviation. A band with no more energy than the noise becomes
 * zero.
 */
function shrink({ rows, columns, values }: Matrix, sigma: number): Matrix {
  const power = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
  const signal = Math.sqrt(Math.max(power - sigma ** 2, 0));
  const threshold = sigma ** 2 / signal;
  return {
    rows,
    columns,
    values: values.map((value) => Math.sign(value) * Math.max(Math.abs(value) - threshold, 0)),
  };
}

/** Shifts rows down and columns to the right, with wrap-around. */
function shift({ rows, columns, values }: Matrix, down: number, right: number): Matrix {
  const moved = new Float64Array(rows * columns);
  const gap = modulo(right, columns);
  for (let row = 0; row < rows; row++) {
    const line = values.subarray(row * columns, (row + 1) * columns);
    const to = modulo(row + down, rows) * columns;
    moved.set(line.subarray(0, columns - gap), to + gap);
    moved.set(line.subarray(columns - gap), to);
  }
  return { rows, columns, values: moved };
}

/** The remainder of `value`, from 0 to `modulus` - 1, also for negative values. */
function modulo(value: number, modulus: number): number {
  return ((value % modulus) + modulus) % modulus;
}
