import { at } from "./elements.ts";

/** Each row's sum over partial sums [columns, rows], divided by the number of pixels. */
export function batchMetrics(partials: ArrayLike<number>, rows: number, pixels: number): Float64Array {
  const sums = new Float64Array(rows);
  for (let index = 0; index < partials.length; index++) {
    sums[index % rows] = at(sums, index % rows) + at(partials, index);
  }
  return sums.map((sum) => sum / pixels);
}
