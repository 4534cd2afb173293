/** The element of an array that is there by construction; NaN where it is not, so that a slip shows in the result. */
export function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}
