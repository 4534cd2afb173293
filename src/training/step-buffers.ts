import type { SampleBits } from "../data/samples.ts";
import type { Buffers } from "../device/buffers.ts";
import type { Device, DeviceBuffer } from "../device/device.ts";
import { partSizesUniform } from "../kernels/conv-sizes.ts";
import { layersUniform } from "../kernels/dense.ts";
import { noiseUniform } from "../kernels/noise-stages.ts";
import { optimizerUniform, stepRates, stepRatesChange } from "../kernels/optimizer.ts";
import { quads } from "../math/layout.ts";
import { NetworkBuffers } from "../network/network-buffers.ts";
import { countedWeight } from "../spec/blind-spots.ts";
import { isConvolutional, type NetworkSpec } from "../spec/network.ts";
import type { TrainingSpec } from "../spec/settings.ts";

/** Bytes of four values in `cleanBatch`. */
export function cleanQuadBytes(bits: SampleBits): number {
  return bits === 8 ? 4 : 16;
}

/** The sizes of a step's buffers, in addition to the settings. */
export interface StepImages {
  /** Of an epoch. */
  readonly steps: number;
  readonly sampleBits: SampleBits;
  /** See PictureData. */
  readonly counted?: Uint8Array | undefined;
}

/** Bytes as whole words. */
function wordsOf(bytes: Uint8Array): Uint32Array<ArrayBuffer> {
  const padded = new Uint8Array(4 * quads(bytes.length));
  padded.set(bytes);
  return new Uint32Array(padded.buffer);
}

/** The factor from the mean over all values to the mean over the counted values; 0 if all count. */
function weightOf(counted: Uint8Array | undefined): number {
  return counted ? counted.length / counted.reduce((sum, one) => sum + one, 0) : 0;
}

/** The buffers of a training step except its images: the network, its gradients and the optimizer's running means. */
export class StepBuffers {
  readonly network: NetworkBuffers;
  readonly activations: DeviceBuffer;
  readonly gradients: DeviceBuffer;
  /** Two quads per quad of parameters: see shaders/lib/optimizer.wgsl. */
  readonly moments: DeviceBuffer;
  /** The result of `stepRates` for the current epoch. */
  readonly rates: DeviceBuffer;
  /** Bytes, four per word; float32 for images whose samples have more bits. */
  readonly cleanBatch: DeviceBuffer;
  /** Of the images. */
  readonly sampleBits: SampleBits;
  /** The target of the loss: `cleanBatch`, or the noisy images as float32 in self-supervised training. */
  readonly target: DeviceBuffer;
  /** Of `target`. */
  readonly targetBits: SampleBits;
  /** A byte per value, 1 if it counts in the loss; empty if all values count. */
  readonly counted: DeviceBuffer;
  /** The weight of the values that count; 0 if all count. */
  readonly countedWeight: number;
  readonly partials: DeviceBuffer;
  /** `struct Layers` in shaders/lib/weight_update.wgsl; empty for convolutions. */
  readonly layers: DeviceBuffer;
  /** The parts of a gradient of convolutions, and their sizes; empty for dense layers. */
  readonly parts: DeviceBuffer;
  readonly sizes: DeviceBuffer;
  readonly optimizer: DeviceBuffer;
  /** `struct Noise` in shaders/lib/noise.wgsl. */
  readonly noise: DeviceBuffer;

  readonly #setRates: (epoch: number) => void;
  readonly #ratesChange: boolean;

  /**
   * For epochs of `steps` steps. Allocates from `buffers`; throws an InputError when the adapter's limits are too low
   * for the network and the batch.
   */
  constructor(
    device: Device,
    buffers: Buffers,
    network: NetworkSpec,
    spec: TrainingSpec,
    { steps, sampleBits, counted }: StepImages,
  ) {
    const { batch, optimizer, schedule, noise, epochs, selfSupervised } = spec;
    const ratesOf = (epoch: number) =>
      stepRates(optimizer, schedule, { epoch, epochs, stepsPerEpoch: steps });
    this.#setRates = (epoch) => device.write(this.rates, 0, ratesOf(epoch));
    this.#ratesChange = stepRatesChange(optimizer, schedule);
    this.network = new NetworkBuffers(device, buffers, network, batch);
    const { layout } = this.network;
    this.activations = buffers.storage("activations", this.network.activationBytes);
    this.gradients = buffers.storage("gradients", 16 * layout.gradientQuads);
    this.moments = buffers.storage("moments", 2 * 16 * layout.parameterQuads);
    this.rates = buffers.storageOf("rates", ratesOf(0));
    this.cleanBatch = buffers.storage(
      "cleanBatch",
      cleanQuadBytes(sampleBits) * 4 * layout.rowQuads * layout.imageWords,
    );
    this.sampleBits = sampleBits;
    const imageQuads = 4 * layout.rowQuads * layout.imageWords;
    this.target = selfSupervised ? buffers.storage("target", 16 * imageQuads) : this.cleanBatch;
    this.targetBits = selfSupervised ? 32 : sampleBits;
    this.counted = counted
      ? buffers.storageOf("counted", wordsOf(counted))
      : buffers.storage("counted", selfSupervised ? 4 * imageQuads : 16);
    this.countedWeight = selfSupervised ? countedWeight(network.image, spec.mask) : weightOf(counted);
    this.partials = buffers.storage("partials", 2 * 16 * layout.rowQuads * layout.imageWords);
    const planes = isConvolutional(network);
    this.layers = buffers.uniformOf("layers", planes ? new Uint32Array(4) : layersUniform(layout));
    this.parts = buffers.storage("parts", planes ? 16 * layout.gradientSplits * layout.parameterQuads : 16);
    this.sizes = buffers.uniformOf("sizes", partSizesUniform(layout));
    this.optimizer = buffers.uniformOf("optimizer", optimizerUniform(optimizer));
    this.noise = buffers.uniformOf(
      "noise",
      noiseUniform(noise, network.image, network.channels, layout.strengthOffset),
    );
  }

  /** Updates what changes from epoch to epoch (from 0): the learning rates, if they change. */
  startEpoch(epoch: number): void {
    if (this.#ratesChange) this.#setRates(epoch);
  }
}
