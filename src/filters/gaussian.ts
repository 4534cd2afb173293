import { gaussianWeights, windowSums } from "../math/gaussian-window.ts";
import type { ClassicalFilter } from "./filter.ts";
import { mirrored } from "./mirror.ts";

/** The weights are truncated at this many standard deviations, as in SciPy. */
const truncation = 4;

/** The radius of the window for a standard deviation, in pixels. */
export function gaussianRadius(sigma: number): number {
  return Math.floor(truncation * sigma + 0.5);
}

/** Gaussian smoothing: a pixel becomes the weighted mean of its neighbourhood, with mirrored edges. */
export const gaussian: ClassicalFilter = {
  name: "gaussian",
  strengths: [0.25, 0.35, 0.5, 0.7, 1, 1.4, 2, 2.8, 4, 5.6, 8],
  whole: false,
  apply(plane, sigma) {
    const { rows, columns } = plane;
    if (sigma === 0) return { rows, columns, values: plane.values.slice() };
    const radius = gaussianRadius(sigma);
    const { values, stride } = mirrored(plane, radius);
    return {
      rows,
      columns,
      values: Float32Array.from(windowSums(values, stride, gaussianWeights(sigma, radius))),
    };
  },
};
