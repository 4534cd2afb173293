import { adadeltaUpdateCases } from "./cases/adadelta-update.ts";
import { batchMetricsCases } from "./cases/batch-metrics.ts";
import { corruptGaussianCases } from "./cases/corrupt-gaussian.ts";
import { denseBackwardCases } from "./cases/dense-backward.ts";
import { denseForwardCases } from "./cases/dense-forward.ts";
import { denseLossCases } from "./cases/dense-loss.ts";
import { gatherBatchCases } from "./cases/gather-batch.ts";
import { philoxCases } from "./cases/philox.ts";
import { shuffleOrderCases } from "./cases/shuffle-order.ts";
import type { KernelCase } from "./kernel-case.ts";

/** Every kernel against its float64 twin: the one table that runs on every device. */
export function kernelCases(): KernelCase[] {
  return [
    ...philoxCases(),
    ...shuffleOrderCases(),
    ...gatherBatchCases(),
    ...corruptGaussianCases(),
    ...denseForwardCases(),
    ...denseLossCases(),
    ...denseBackwardCases(),
    ...batchMetricsCases(),
    ...adadeltaUpdateCases(),
  ];
}
