/** The mean of `term` over the values [start, end) of an output and of the clean image it is compared with. */
export function pairedMean(
  output: ArrayLike<number>,
  clean: ArrayLike<number>,
  term: (output: number, clean: number) => number,
  start = 0,
  end = output.length,
): number {
  if (output.length !== clean.length) {
    throw new RangeError(
      `${output.length} output values cannot be compared with ${clean.length} clean ones.`,
    );
  }
  if (end <= start) throw new RangeError("There are no values to compare.");
  let sum = 0;
  for (let index = start; index < end; index++)
    sum += term(output[index] ?? Number.NaN, clean[index] ?? Number.NaN);
  return sum / (end - start);
}
