import type { Buffers } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { adadeltaUniform, layersUniform } from "../kernels/uniforms.ts";
import { NetworkBuffers } from "../network/network-buffers.ts";
import type { NetworkSpec } from "../spec/network.ts";
import { noiseSettings } from "../spec/noise.ts";
import type { TrainingSpec } from "../spec/training.ts";

/** All that a training step works on beside its images: the network, its gradients and Adadelta's two accumulators. */
export class StepBuffers {
  readonly network: NetworkBuffers;
  readonly activations: GPUBuffer;
  readonly gradients: GPUBuffer;
  readonly squaredGradients: GPUBuffer;
  readonly squaredUpdates: GPUBuffer;
  readonly cleanBatch: GPUBuffer;
  readonly partials: GPUBuffer;
  readonly layers: GPUBuffer;
  readonly adadelta: GPUBuffer;
  /** The noise's settings. */
  readonly noise: GPUBuffer;

  /** Allocates from `buffers`; throws an InputError when the adapter's limits are too low for the network and the batch. */
  constructor(gpu: Gpu, buffers: Buffers, network: NetworkSpec, { batch, optimizer, noise }: TrainingSpec) {
    this.network = new NetworkBuffers(gpu, buffers, network, batch);
    const { layout } = this.network;
    this.activations = buffers.storage("activations", this.network.activationBytes);
    this.gradients = buffers.storage("gradients", 16 * layout.gradientQuads);
    this.squaredGradients = buffers.storage("squaredGradients", 16 * layout.parameterQuads);
    this.squaredUpdates = buffers.storage("squaredUpdates", 16 * layout.parameterQuads);
    this.cleanBatch = buffers.storage("cleanBatch", 4 * 4 * layout.rowQuads * layout.imageWords);
    this.partials = buffers.storage("partials", 2 * 16 * layout.rowQuads * layout.imageWords);
    this.layers = buffers.uniformOf("layers", layersUniform(layout));
    this.adadelta = buffers.uniformOf("adadelta", adadeltaUniform(optimizer));
    this.noise = buffers.uniformOf("noise", Float32Array.from([...noiseSettings(noise), 0]));
  }
}
