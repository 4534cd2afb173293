/** Weights of a sampled Gaussian at -radius, ..., radius, for `sigma` above 0; they sum to 1. [2 * radius + 1] */
export function gaussianWeights(sigma: number, radius: number): Float64Array<ArrayBuffer> {
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, index) =>
    Math.exp(-0.5 * ((index - radius) / sigma) ** 2),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * The weighted sums under a square window at each place where it fits entirely; a weight of the window is the
 * product of its row's and its column's. The input is values [rows, columns], the result [rows - reach,
 * columns - reach] sums with reach = weights.length - 1.
 */
export function windowSums(
  values: Float64Array,
  columns: number,
  weights: Float64Array,
): Float64Array<ArrayBuffer> {
  const rows = values.length / columns;
  const reach = weights.length - 1;
  const along = lineSums(values, columns, weights, 1, rows, columns - reach);
  return lineSums(along, columns - reach, weights, columns - reach, rows - reach, columns - reach);
}

/** The weighted sums of weights.length values with a stride of `step`, [rows, columns] of them. */
function lineSums(
  values: Float64Array,
  stride: number,
  weights: Float64Array,
  step: number,
  rows: number,
  columns: number,
): Float64Array<ArrayBuffer> {
  const sums = new Float64Array(rows * columns);
  for (let row = 0, to = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, to++) {
      let sum = 0;
      for (let index = 0, from = row * stride + column; index < weights.length; index++, from += step) {
        sum += (weights[index] ?? 0) * (values[from] ?? 0);
      }
      sums[to] = sum;
    }
  }
  return sums;
}
