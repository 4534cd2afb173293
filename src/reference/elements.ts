/** The element of an array at an index that must exist; otherwise NaN, so that an error shows in the result. */
export function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}

/**
 * The gradient with respect to X, the output of a ReLU, from the one of a later layer that adds X: 0 where X is not above 0. Zeros if
 * no layer adds X.
 */
export function addedGradient(x: ArrayLike<number>, adder: ArrayLike<number> | undefined): Float64Array {
  return Float64Array.from(x, (value, place) => (adder && value > 0 ? at(adder, place) : 0));
}

/**
 * The same numbers in float64, without a copy if they already are. Loops that only see one type of array are fast.
 */
export function doubles(values: ArrayLike<number>): Float64Array {
  return values instanceof Float64Array ? values : Float64Array.from(values);
}
