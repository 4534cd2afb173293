import type { KernelTime } from "../../gpu/profiler.ts";

/** A step, of training or validation, begins with one launch of one of these. */
const firstKernels: ReadonlySet<string> = new Set(["corrupt_batch", "corrupt_patches"]);

/** GPU time of the kernels in milliseconds a step; undefined before one was measured. */
export function gpuTimePerStep(kernels: readonly KernelTime[]): number | undefined {
  const steps = kernels
    .filter(({ kernel }) => firstKernels.has(kernel))
    .reduce((sum, { launches }) => sum + launches, 0);
  const total = kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return steps > 0 ? total / steps : undefined;
}
