import { applyOnGpu } from "../../filtering/gpu-filters.ts";
import { type FilterPlace, usualFilterPlace } from "../../filtering/place-of-filters.ts";
import { type ApplyFilter, applyOnCpu } from "../../filters/apply-filter.ts";
import { Gpu } from "../../gpu/gpu.ts";
import { GpuError } from "../../gpu/gpu-error.ts";

/**
 * Filters where it was asked for, or else where it is fastest, on a device of the filters' own. Where a GPU fails the CPU takes
 * over for good.
 */
export async function openFilters(wanted: FilterPlace | undefined): Promise<ApplyFilter> {
  if (wanted === "cpu") return applyOnCpu;
  try {
    const gpu = await Gpu.open(navigator.gpu);
    if ((wanted ?? usualFilterPlace(gpu.adapter)) === "gpu") return withCpuBehind(applyOnGpu(gpu));
    gpu.destroy();
  } catch (error) {
    if (!(error instanceof GpuError)) throw error;
  }
  return applyOnCpu;
}

function withCpuBehind(onGpu: ApplyFilter): ApplyFilter {
  let apply = onGpu;
  return async (...args) => {
    try {
      return await apply(...args);
    } catch (error) {
      if (!(error instanceof GpuError)) throw error;
      apply = applyOnCpu;
      return apply(...args);
    }
  };
}
