import type { Plane } from "../data/plane.ts";
import type { ClassicalFilter } from "./filter.ts";

/** The iteration stops when the cost changes by less than this fraction of the first cost. */
const tolerance = 2e-4;
const maxIterations = 200;

/** The step size of the dual ascent: one over twice the number of dimensions. */
const step = 1 / 4;

/**
 * Total variation denoising: the plane u that minimises (u - plane)^2 / 2 + weight * |gradient of u|, summed over the
 * pixels (Rudin, Osher and Fatemi 1992), by Chambolle's fixed-point iteration on the dual field. The gradient is the
 * forward difference, 0 past the last row and column. The step size and the stopping criterion are scikit-image's.
 */
export const totalVariation: ClassicalFilter = {
  name: "total-variation",
  strengths: [1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4],
  whole: false,
  apply(plane, weight) {
    const { rows, columns } = plane;
    if (weight === 0) return { rows, columns, values: plane.values.slice() };
    const smooth = Float64Array.from(plane.values);
    const field: DualField = {
      across: new Float64Array(smooth.length),
      down: new Float64Array(smooth.length),
    };
    let firstCost = 0;
    let lastCost = 0;
    for (let iteration = 0; iteration < maxIterations; iteration++) {
      const removed = removeDivergence(plane, field, smooth);
      const cost = removed + weight * followGradient(plane, smooth, weight, field);
      if (iteration === 0) firstCost = cost;
      else if (Math.abs(lastCost - cost) < tolerance * firstCost) break;
      lastCost = cost;
    }
    return { rows, columns, values: Float32Array.from(smooth) };
  },
};

/**
 * The dual variable: a vector for each pixel, with a length of at most 1 in units of the weight. Both are [rows,
 * columns].
 */
interface DualField {
  readonly across: Float64Array;
  readonly down: Float64Array;
}

/** smooth = plane - divergence of the field. Returns the sum of squares of the difference. */
function removeDivergence(
  { rows, columns, values }: Plane,
  { across, down }: DualField,
  smooth: Float64Array,
) {
  let squares = 0;
  for (let row = 0, pixel = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, pixel++) {
      const left = column > 0 ? (across[pixel - 1] ?? 0) : 0;
      const above = row > 0 ? (down[pixel - columns] ?? 0) : 0;
      const divergence = (across[pixel] ?? 0) - left + (down[pixel] ?? 0) - above;
      smooth[pixel] = (values[pixel] ?? 0) - divergence;
      squares += divergence * divergence;
    }
  }
  return squares;
}

/**
 * Moves the field against the gradient of `smooth` and limits its length. Returns the total variation of `smooth`.
 */
function followGradient(
  { rows, columns }: Plane,
  smooth: Float64Array,
  weight: number,
  { across, down }: DualField,
) {
  let variation = 0;
  for (let row = 0, pixel = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, pixel++) {
      const here = smooth[pixel] ?? 0;
      const toRight = column < columns - 1 ? (smooth[pixel + 1] ?? 0) - here : 0;
      const toBelow = row < rows - 1 ? (smooth[pixel + columns] ?? 0) - here : 0;
      const slope = Math.sqrt(toRight * toRight + toBelow * toBelow);
      const shorten = 1 + (step / weight) * slope;
      across[pixel] = ((across[pixel] ?? 0) - step * toRight) / shorten;
      down[pixel] = ((down[pixel] ?? 0) - step * toBelow) / shorten;
      variation += slope;
    }
  }
  return variation;
}
