import { Buffers } from "../gpu/buffers.ts";
import { bind, type Dispatch } from "../gpu/dispatch.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { corruptGaussian } from "../kernels/corrupt-gaussian.ts";
import { gatherBatch } from "../kernels/gather-batch.ts";
import { type NoiseKind, type NoiseSpec, noiseSettings } from "../spec/noise.ts";
import type { ImageBuffers } from "./image-buffers.ts";
import type { StepBuffers } from "./step-buffers.ts";
import type { SweepBuffers } from "./sweep-buffers.ts";

/** One line a noise: the kernel that puts it on a batch. */
const noiseKernels: { readonly [K in Exclude<NoiseKind, "none">]: typeof corruptGaussian } = {
  gaussian: corruptGaussian,
};

/** The first dispatch of a step: gathers the batch that the sweep stands at, with its noise, and the clean batch. */
export class BatchSource {
  readonly dispatch: Dispatch;
  readonly #buffers: Buffers;

  private constructor(dispatch: Dispatch, buffers: Buffers) {
    this.dispatch = dispatch;
    this.#buffers = buffers;
  }

  /** With noise "none", measured noisy twins are taken where there are some. */
  static async create(
    gpu: Gpu,
    noise: NoiseSpec,
    images: ImageBuffers,
    { sweep, order, cursor }: SweepBuffers,
    { network: { activations, layout }, cleanBatch }: StepBuffers,
  ): Promise<BatchSource> {
    const buffers = new Buffers(gpu);
    const invocations = [layout.imageWords, 4 * layout.rowQuads] as const;
    const shared = { sweep, order, cursor, activations, cleanBatch };
    if (noise.kind === "none") {
      const { noisy, clean } = images;
      const gather = await gpu.pipeline(gatherBatch);
      return new BatchSource(bind(gpu.device, gather, { ...shared, noisy, clean }, invocations), buffers);
    }
    const settings = buffers.uniformOf("noise", Float32Array.from(noiseSettings(noise)));
    const corrupt = await gpu.pipeline(noiseKernels[noise.kind]);
    const resources = { ...shared, noise: settings, images: images.clean };
    return new BatchSource(bind(gpu.device, corrupt, resources, invocations), buffers);
  }

  destroy(): void {
    this.#buffers.destroy();
  }
}
