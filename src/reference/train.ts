import { last } from "../math/last.ts";
import { streams } from "../math/streams.ts";
import type { LayerWeights, NetworkSpec } from "../spec/network.ts";
import type { TrainingSpec } from "../spec/training.ts";
import { adadeltaUpdate, newAccumulators } from "./adadelta-update.ts";
import { corruptGaussian } from "./corrupt-gaussian.ts";
import { denseBackward } from "./dense-backward.ts";
import { denseForward } from "./dense-forward.ts";
import { type DenseLayer, denseLayers } from "./dense-layer.ts";
import { denseLoss } from "./dense-loss.ts";
import { gatherBatch } from "./gather-batch.ts";
import { shuffleOrder } from "./shuffle-order.ts";

/** Clean images as bytes [count, pixels], and their measured noisy twins where there are some. */
export interface ReferenceImages {
  readonly count: number;
  readonly clean: ArrayLike<number>;
  readonly noisy?: ArrayLike<number>;
}

/** A whole training run on the CPU in float64, step by step: what the GPU's run is held against. */
export class ReferenceTrainer {
  readonly layers: readonly DenseLayer[];
  readonly #spec: TrainingSpec;
  readonly #network: NetworkSpec;
  readonly #accumulators;
  #epoch = 0;

  constructor(spec: TrainingSpec, network: NetworkSpec, initial: readonly LayerWeights[]) {
    this.#spec = spec;
    this.#network = network;
    this.layers = denseLayers(network, initial);
    this.#accumulators = this.layers.map(newAccumulators);
  }

  /** Trains one epoch; gives the loss of each step before its update. */
  epoch(images: ReferenceImages): number[] {
    const { batch, shuffle, seed, fixedNoise } = this.#spec;
    const order = shuffle
      ? shuffleOrder(images.count, seed, this.#epoch)
      : Uint32Array.from({ length: images.count }, (_, position) => position);
    const key = { seed, stream: streams.trainingNoise, epoch: fixedNoise ? 0 : this.#epoch };
    const losses: number[] = [];
    for (let first = 0; first < images.count; first += batch) {
      losses.push(this.#step(images, order.subarray(first, first + batch), key));
    }
    this.#epoch += 1;
    return losses;
  }

  /** The mean loss over validation images. */
  validate(images: ReferenceImages): number {
    const all = Uint32Array.from({ length: images.count }, (_, image) => image);
    const x = this.#noisy(images, all, { seed: this.#spec.seed, stream: streams.validationNoise, epoch: 0 });
    const { losses } = this.#forward(x, gatherBatch(images.clean, this.#network.inputs, all));
    return mean(losses);
  }

  #step(images: ReferenceImages, chosen: Uint32Array, key: Parameters<typeof corruptGaussian>[4]): number {
    const x = this.#noisy(images, chosen, key);
    const { inputs, gradient, losses } = this.#forward(
      x,
      gatherBatch(images.clean, this.#network.inputs, chosen),
    );
    // Backward through all layers before any of them changes.
    const gradients = [gradient];
    for (const [index, layer] of [...this.layers.entries()].slice(1).reverse()) {
      gradients.unshift(denseBackward(layer, inputs[index] ?? [], gradients[0] ?? []));
    }
    this.layers.forEach((layer, index) => {
      const accumulators = this.#accumulators[index] ?? newAccumulators(layer);
      adadeltaUpdate(layer, accumulators, inputs[index] ?? [], gradients[index] ?? [], this.#spec.optimizer);
    });
    return mean(losses);
  }

  #forward(x: Float64Array, clean: Float64Array) {
    const inputs = [x];
    for (const layer of this.layers.slice(0, -1)) {
      inputs.push(denseForward(layer, last(inputs), this.#network.activation));
    }
    return { inputs, ...denseLoss(last(this.layers), last(inputs), clean, this.#spec.loss) };
  }

  #noisy(
    images: ReferenceImages,
    chosen: Uint32Array,
    key: Parameters<typeof corruptGaussian>[4],
  ): Float64Array {
    const { inputs } = this.#network;
    const { noise } = this.#spec;
    return noise.kind === "none"
      ? gatherBatch(images.noisy ?? images.clean, inputs, chosen)
      : corruptGaussian(images.clean, inputs, chosen, noise.factor, key);
  }
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
