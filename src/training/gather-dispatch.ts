import { bind, type Dispatch } from "../gpu/dispatch.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { corruptGaussian } from "../kernels/corrupt-gaussian.ts";
import { gatherBatch } from "../kernels/gather-batch.ts";
import type { NoiseKind, NoiseSpec } from "../spec/noise.ts";
import type { ImageBuffers } from "./image-windows.ts";
import type { StepBuffers } from "./step-buffers.ts";
import type { SweepBuffers } from "./sweep-buffers.ts";

/** One line a noise: the kernel that puts it on a batch. */
const noiseKernels: { readonly [K in Exclude<NoiseKind, "none">]: typeof corruptGaussian } = {
  gaussian: corruptGaussian,
};

/**
 * The first dispatch of a step: gathers the batch that the sweep stands at, with its noise, and the clean batch. With noise
 * "none", measured noisy twins are taken where there are some.
 */
export async function gatherDispatch(
  gpu: Gpu,
  noise: NoiseSpec,
  { clean, noisy, window }: ImageBuffers,
  { uniform: sweep, order, cursor }: SweepBuffers,
  { network: { layout }, activations, cleanBatch, noise: settings }: StepBuffers,
): Promise<Dispatch> {
  const invocations = [layout.imageWords, 4 * layout.rowQuads] as const;
  const shared = { sweep, window, order, cursor, activations, cleanBatch };
  if (noise.kind === "none") {
    return bind(gpu.device, await gpu.pipeline(gatherBatch), { ...shared, noisy, clean }, invocations);
  }
  const pipeline = await gpu.pipeline(noiseKernels[noise.kind]);
  return bind(gpu.device, pipeline, { ...shared, noise: settings, images: clean }, invocations);
}
