import { Buffers } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { adadeltaUniform, layersUniform } from "../kernels/uniforms.ts";
import { NetworkBuffers } from "../network/network-buffers.ts";
import type { NetworkSpec } from "../spec/network.ts";
import type { AdadeltaSpec } from "../spec/optimizer.ts";

/** All that a training step works on beside its images: the network, its gradients and Adadelta's two accumulators. */
export class StepBuffers {
  readonly network: NetworkBuffers;
  readonly gradients: GPUBuffer;
  readonly squaredGradients: GPUBuffer;
  readonly squaredUpdates: GPUBuffer;
  readonly cleanBatch: GPUBuffer;
  readonly partials: GPUBuffer;
  readonly layers: GPUBuffer;
  readonly adadelta: GPUBuffer;
  readonly #buffers: Buffers;

  /** Throws an InputError when the adapter's limits are too low for the network and the batch. */
  constructor(gpu: Gpu, network: NetworkSpec, batch: number, optimizer: AdadeltaSpec) {
    this.network = new NetworkBuffers(gpu, network, batch);
    this.#buffers = new Buffers(gpu);
    const { layout } = this.network;
    this.gradients = this.#buffers.storage("gradients", 16 * layout.gradientQuads);
    this.squaredGradients = this.#buffers.storage("squaredGradients", 16 * layout.parameterQuads);
    this.squaredUpdates = this.#buffers.storage("squaredUpdates", 16 * layout.parameterQuads);
    this.cleanBatch = this.#buffers.storage("cleanBatch", 4 * 4 * layout.rowQuads * layout.imageWords);
    this.partials = this.#buffers.storage("partials", 2 * 16 * layout.rowQuads * layout.imageWords);
    this.layers = this.#buffers.uniformOf("layers", layersUniform(layout));
    this.adadelta = this.#buffers.uniformOf("adadelta", adadeltaUniform(optimizer));
  }

  destroy(): void {
    this.network.destroy();
    this.#buffers.destroy();
  }
}
