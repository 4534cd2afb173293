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
import type { KernelCase, Selection } from "./kernel-case.ts";

/** Every kernel against its float64 twin: the one table that runs on every device. */
export function kernelCases(selection: Selection = "short"): KernelCase[] {
  return [
    ...philoxCases(),
    ...shuffleOrderCases(),
    ...corruptBatchCases(selection),
    ...placePatchesCases(),
    ...corruptPatchesCases(),
    ...denseForwardCases(selection),
    ...denseLossCases(selection),
    ...denseBackwardCases(selection),
    ...batchMetricsCases(),
    ...weightUpdateCases(selection),
    ...cutWindowsCases(),
    ...blendWindowsCases(),
    ...planeFilterCases(),
  ];
}

/** The largest case of each pipeline, that is of each kernel with its constants: whether an engine compiles and runs it soundly. */
export function onePerPipeline(cases: readonly KernelCase[]): KernelCase[] {
  const chosen = new Map<string, KernelCase>();
  for (const one of cases) {
    const pipeline = JSON.stringify([one.kernel.name, one.constants ?? {}]);
    const other = chosen.get(pipeline);
    if (!other || sizeOf(one) > sizeOf(other)) chosen.set(pipeline, one);
  }
  return [...chosen.values()];
}

/** Bytes of all buffers. */
function sizeOf({ buffers }: KernelCase): number {
  return Object.values(buffers).reduce((sum, { byteLength }) => sum + byteLength, 0);
}
