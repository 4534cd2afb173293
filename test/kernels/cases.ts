import { batchMetricsCases } from "./cases/batch-metrics.ts";
import { blendWindowsCases } from "./cases/blend-windows.ts";
import { corruptBatchCases } from "./cases/corrupt-batch.ts";
import { corruptPatchesCases } from "./cases/corrupt-patches.ts";
import { cutWindowsCases } from "./cases/cut-windows.ts";
import { denseBackwardCases } from "./cases/dense-backward.ts";
import { denseForwardCases } from "./cases/dense-forward.ts";
import { denseLossCases } from "./cases/dense-loss.ts";
import { philoxCases } from "./cases/philox.ts";
import { placePatchesCases } from "./cases/place-patches.ts";
import { planeFilterCases } from "./cases/plane-filter.ts";
import { shuffleOrderCases } from "./cases/shuffle-order.ts";
import { weightUpdateCases } from "./cases/weight-update.ts";
import type { KernelCase } from "./kernel-case.ts";

/** Every kernel against its float64 twin: the one table that runs on every device. */
export function kernelCases(): KernelCase[] {
  return [
    ...philoxCases(),
    ...shuffleOrderCases(),
    ...corruptBatchCases(),
    ...placePatchesCases(),
    ...corruptPatchesCases(),
    ...denseForwardCases(),
    ...denseLossCases(),
    ...denseBackwardCases(),
    ...batchMetricsCases(),
    ...weightUpdateCases(),
    ...cutWindowsCases(),
    ...blendWindowsCases(),
    ...planeFilterCases(),
  ];
}
