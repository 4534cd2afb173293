import { pairedMean } from "./paired-mean.ts";

/** Mean squared error over all values, in float64. Both arrays have the same length: one image, or many. */
export function mse(output: ArrayLike<number>, clean: ArrayLike<number>): number {
  return pairedMean(output, clean, squaredError);
}

export function squaredError(output: number, clean: number): number {
  return (output - clean) ** 2;
}
