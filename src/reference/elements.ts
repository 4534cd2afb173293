/** The element of an array at an index that must exist; otherwise NaN, so that an error shows in the result. */
export function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}

/**
 * The same numbers in float64, without a copy if they already are. Loops that only see one type of array are fast.
 */
export function doubles(values: ArrayLike<number>): Float64Array {
  return values instanceof Float64Array ? values : Float64Array.from(values);
}
