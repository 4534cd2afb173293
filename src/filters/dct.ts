import type { Plane } from "../data/plane.ts";
import type { ClassicalFilter } from "./filter.ts";
import { noiseStrengths } from "./noise-strengths.ts";

/** The windows that DCT denoising transforms, and what it keeps of them. */
export interface DctSettings {
  /** The side of the windows in pixels; a smaller plane uses its shorter side. */
  readonly window: number;
  /** Coefficients smaller than this are set to zero, except for the mean. */
  readonly threshold: number;
}

/** The threshold in standard deviations, which pure noise rarely reaches. */
const thresholdPerSigma = 3;

/** Sets small DCT coefficients to zero in every window of the picture. */
export const dct: ClassicalFilter = {
  name: "dct",
  strengths: noiseStrengths,
  whole: false,
  apply: (plane, sigma) => denoiseDct(plane, { window: 8, threshold: thresholdPerSigma * sigma }),
};

/**
 * Transforms every window of the plane with the orthonormal DCT-II, sets its small coefficients to zero and
 * transforms it back. Each pixel becomes the mean of the windows that cover it (Yu and Sapiro, "DCT image denoising:
 * a simple and effective image denoising algorithm", IPOL 2011). The windows of one band of rows are processed
 * together: columns are transformed once for all windows that share them.
 */
export function denoiseDct(plane: Plane, { window, threshold }: DctSettings): Plane {
  const { rows, columns } = plane;
  if (threshold === 0) return { rows, columns, values: plane.values.slice() };
  const size = Math.min(window, rows, columns);
  const basis = cosineBasis(size);
  const sums = new Float64Array(rows * columns);
  const band = new Float64Array(size * columns);
  const kept = new Float64Array(size * columns);
  for (let top = 0; top + size <= rows; top++) {
    transformColumns(plane, top, basis, band);
    kept.fill(0);
    for (let left = 0; left + size <= columns; left++) {
      keepLarge(band, columns, left, basis, threshold, kept);
    }
    addColumns(kept, columns, top, basis, sums);
  }
  const values = new Float32Array(rows * columns);
  for (let row = 0, pixel = 0; row < rows; row++) {
    const down = windowsOver(row, rows, size);
    for (let column = 0; column < columns; column++, pixel++) {
      values[pixel] = (sums[pixel] ?? 0) / (down * windowsOver(column, columns, size));
    }
  }
  return { rows, columns, values };
}

/** The orthonormal DCT-II of `size` values. */
export interface CosineBasis {
  readonly size: number;
  /** [size, size], one frequency per row, the mean first */
  readonly cosines: Float64Array;
}

export function cosineBasis(size: number): CosineBasis {
  const cosines = Float64Array.from({ length: size * size }, (_, at) => {
    const frequency = Math.floor(at / size);
    const scale = Math.sqrt((frequency === 0 ? 1 : 2) / size);
    return scale * Math.cos((Math.PI * (2 * (at % size) + 1) * frequency) / (2 * size));
  });
  return { size, cosines };
}

/** The vertical transform of the rows from `top` on; band is [frequencies, columns]. */
function transformColumns(
  { columns, values }: Plane,
  top: number,
  { size, cosines }: CosineBasis,
  band: Float64Array,
): void {
  for (let frequency = 0; frequency < size; frequency++) {
    for (let column = 0; column < columns; column++) {
      let coefficient = 0;
      for (let row = 0; row < size; row++) {
        coefficient += (cosines[frequency * size + row] ?? 0) * (values[(top + row) * columns + column] ?? 0);
      }
      band[frequency * columns + column] = coefficient;
    }
  }
}

/** Adds the thresholded window from column `left` on to `kept`, transformed back along its rows. */
function keepLarge(
  band: Float64Array,
  columns: number,
  left: number,
  { size, cosines }: CosineBasis,
  threshold: number,
  kept: Float64Array,
): void {
  for (let down = 0; down < size; down++) {
    const line = down * columns + left;
    for (let across = 0; across < size; across++) {
      const cosine = across * size;
      let coefficient = 0;
      for (let column = 0; column < size; column++) {
        coefficient += (cosines[cosine + column] ?? 0) * (band[line + column] ?? 0);
      }
      const isMean = down === 0 && across === 0;
      if (Math.abs(coefficient) < threshold && !isMean) continue;
      for (let column = 0; column < size; column++) {
        kept[line + column] = (kept[line + column] ?? 0) + coefficient * (cosines[cosine + column] ?? 0);
      }
    }
  }
}

/** Transforms `kept` back along its columns and adds it to the rows from `top` on. */
function addColumns(
  kept: Float64Array,
  columns: number,
  top: number,
  { size, cosines }: CosineBasis,
  sums: Float64Array,
): void {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < columns; column++) {
      let value = 0;
      for (let frequency = 0; frequency < size; frequency++) {
        value += (cosines[frequency * size + row] ?? 0) * (kept[frequency * columns + column] ?? 0);
      }
      const pixel = (top + row) * columns + column;
      sums[pixel] = (sums[pixel] ?? 0) + value;
    }
  }
}

/** The number of windows of `size` along a line of `length` pixels that cover `position`. */
function windowsOver(position: number, length: number, size: number): number {
  return Math.min(position, length - size) - Math.max(position - size + 1, 0) + 1;
}
