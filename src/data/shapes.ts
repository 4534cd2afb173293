/**
 * The number of elements of an array of these dimensions (non-negative integers). Exact below 2^53. A larger product
 * gives 2^53 or more, because rounding cannot reduce a float64 product of integers below 2^53. Comparing it with a
 * real length is therefore safe for any dimensions.
 */
export function elementCount(dimensions: readonly number[]): number {
  if (dimensions.includes(0)) return 0;
  return dimensions.reduce((product, dimension) => product * dimension, 1);
}

/** "[60000, 28, 28]" */
export function shapeText(dimensions: readonly number[]): string {
  return `[${dimensions.join(", ")}]`;
}

/** The most dimensions that a message shows. */
const mostShown = 8;

/** A shape for a message: the first few dimensions, and their number if there are more. */
export function shownShape(dimensions: readonly number[]): string {
  if (dimensions.length <= mostShown) return shapeText(dimensions);
  return `[${dimensions.slice(0, mostShown).join(", ")}, ...] (${dimensions.length} of them)`;
}
