import type { Device } from "../../src/device/device.ts";
import { batchMetricsCases } from "./cases/batch-metrics.ts";
import { blendWindowsCases } from "./cases/blend-windows.ts";
import { blindSpotsCases } from "./cases/blind-spots.ts";
import { convBackwardCases } from "./cases/conv-backward.ts";
import { convForwardCases } from "./cases/conv-forward.ts";
import { convGradientCases } from "./cases/conv-gradient.ts";
import { convLossCases } from "./cases/conv-loss.ts";
import { corruptBatchCases } from "./cases/corrupt-batch.ts";
import { corruptPatchesCases } from "./cases/corrupt-patches.ts";
import { cutWindowsCases } from "./cases/cut-windows.ts";
import { denseBackwardCases } from "./cases/dense-backward.ts";
import { denseForwardCases } from "./cases/dense-forward.ts";
import { denseLossCases } from "./cases/dense-loss.ts";
import { parameterUpdateCases } from "./cases/parameter-update.ts";
import { philoxCases } from "./cases/philox.ts";
import { placePatchesCases } from "./cases/place-patches.ts";
import { planeFilterCases } from "./cases/plane-filter.ts";
import { planePictureCases } from "./cases/plane-pictures.ts";
import { shuffleOrderCases } from "./cases/shuffle-order.ts";
import { weightUpdateCases } from "./cases/weight-update.ts";
import type { KernelCase, Selection } from "./kernel-case.ts";

/** Every kernel with its float64 reference: the one table that runs on every device. */
export function kernelCases(selection: Selection = "short"): KernelCase[] {
  return [
    ...philoxCases(),
    ...shuffleOrderCases(),
    ...corruptBatchCases(selection),
    ...placePatchesCases(),
    ...corruptPatchesCases(),
    ...blindSpotsCases(),
    ...denseForwardCases(selection),
    ...denseLossCases(selection),
    ...denseBackwardCases(selection),
    ...batchMetricsCases(),
    ...weightUpdateCases(selection),
    ...convForwardCases(selection),
    ...convLossCases(selection),
    ...convBackwardCases(selection),
    ...convGradientCases(selection),
    ...parameterUpdateCases(),
    ...planePictureCases(),
    ...cutWindowsCases(),
    ...blendWindowsCases(),
    ...planeFilterCases(),
  ];
}

/** The cases that differ on the CPU, where all families use the same kernel. */
export function casesOfCpu(cases: readonly KernelCase[]): KernelCase[] {
  return cases.filter(({ kernel }) => !/\.(tile16|workgroup|subgroup)$/.test(kernel.name));
}

/** The cases that a GPU can run: some have no subgroups. */
export function casesOfGpu(
  { subgroups }: Pick<Device, "subgroups">,
  cases: readonly KernelCase[],
): KernelCase[] {
  return cases.filter(({ kernel }) => subgroups || !kernel.name.endsWith(".subgroup"));
}

/**
 * One case of each kernel: the one with the most constants and then the largest buffers. It shows whether an engine compiles and
 * runs the kernel correctly. Other constants add little, and a software GPU takes up to a second to compile each pipeline.
 */
export function onePerKernel(cases: readonly KernelCase[]): KernelCase[] {
  const chosen = new Map<string, KernelCase>();
  for (const one of cases) {
    const other = chosen.get(one.kernel.name);
    if (!other || worth(one) > worth(other)) chosen.set(one.kernel.name, one);
  }
  return [...chosen.values()];
}

/** A constant counts more than any size of the buffers. */
function worth({ buffers, constants = {} }: KernelCase): number {
  const bytes = Object.values(buffers).reduce((sum, { byteLength }) => sum + byteLength, 0);
  return Object.keys(constants).length + bytes / 2 ** 32;
}
