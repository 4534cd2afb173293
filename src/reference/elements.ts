/** The element of an array that is there by construction; NaN where it is not, so that a slip shows in the result. */
export function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}

/** The same numbers in float64: the array itself if it is that already. Loops over one type of array alone are fast. */
export function doubles(values: ArrayLike<number>): Float64Array {
  return values instanceof Float64Array ? values : Float64Array.from(values);
}
