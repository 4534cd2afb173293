import { pairedMean } from "./paired-mean.ts";

/**
 * torch.nn.BCELoss in PyTorch clamps its logarithms to this, so that an output of exactly 0 or 1 has a finite loss.
 */
const lowestLog = -100;

/**
 * Binary cross-entropy in nats, the mean over all values, in float64: -(x log y + (1 - x) log(1 - y)) for
 * output y and clean x, both in [0, 1]. Both arrays have the same length: one image, or many. An output
 * outside [0, 1] gives NaN.
 */
export function bce(output: ArrayLike<number>, clean: ArrayLike<number>): number {
  return pairedMean(output, clean, (y, x) => {
    const logY = Math.max(Math.log(y), lowestLog);
    const logNotY = Math.max(Math.log1p(-y), lowestLog);
    return -(x * logY + (1 - x) * logNotY);
  });
}
