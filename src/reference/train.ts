import { last } from "../math/last.ts";
import { streams } from "../math/streams.ts";
import type { LayerWeights, NetworkSpec } from "../spec/network.ts";
import { scheduleFactor } from "../spec/schedule.ts";
import type { TrainingSpec } from "../spec/training.ts";
import { corruptBatch, type PairedBytes } from "./corrupt-batch.ts";
import { corruptPatches, type PatchPictures } from "./corrupt-patches.ts";
import { denseBackward } from "./dense-backward.ts";
import { denseForward } from "./dense-forward.ts";
import { type DenseLayer, denseLayers } from "./dense-layer.ts";
import { denseLoss } from "./dense-loss.ts";
import type { NoiseKey } from "./noise-draws.ts";
import { shuffleOrder } from "./shuffle-order.ts";
import { newMoments, weightUpdate } from "./weight-update.ts";

/** Images, or pictures and where an epoch's patches of them lie. */
export type ReferenceImages = { readonly count: number } & (PairedBytes | PatchPictures);

/** A whole training run on the CPU in float64, step by step: what the GPU's run is held against. */
export class ReferenceTrainer {
  readonly layers: readonly DenseLayer[];
  readonly #spec: TrainingSpec;
  readonly #network: NetworkSpec;
  readonly #moments;
  #epoch = 0;
  #stepsDone = 0;

  constructor(spec: TrainingSpec, network: NetworkSpec, initial: readonly LayerWeights[]) {
    this.#spec = spec;
    this.#network = network;
    this.layers = denseLayers(network, initial);
    this.#moments = this.layers.map(newMoments);
  }

  /** Trains one epoch; gives the loss of each step before its update. */
  epoch(images: ReferenceImages): number[] {
    const { batch, shuffle, seed, fixedNoise, noise2noise: swap } = this.#spec;
    const order = shuffle
      ? shuffleOrder(images.count, seed, this.#epoch)
      : Uint32Array.from({ length: images.count }, (_, position) => position);
    const key = { seed, stream: streams.trainingNoise, epoch: fixedNoise ? 0 : this.#epoch };
    const losses: number[] = [];
    for (let first = 0; first < images.count; first += batch) {
      losses.push(this.#step({ ...images, swap }, order.subarray(first, first + batch), key));
    }
    this.#epoch += 1;
    return losses;
  }

  /** The mean loss over validation images. */
  validate(images: ReferenceImages): number {
    const all = Uint32Array.from({ length: images.count }, (_, image) => image);
    const { seed } = this.#spec;
    const batch = this.#batch(images, all, { seed, stream: streams.validationNoise, epoch: 0 });
    const { losses } = this.#forward(batch.x, batch.clean);
    return mean(losses);
  }

  #step(images: ReferenceImages, chosen: Uint32Array, key: NoiseKey): number {
    const { x, clean } = this.#batch(images, chosen, key);
    const { inputs, gradient, losses } = this.#forward(x, clean);
    // Backward through all layers before any of them changes.
    const gradients = [gradient];
    for (const [index, layer] of [...this.layers.entries()].slice(1).reverse()) {
      gradients.unshift(denseBackward(layer, inputs[index] ?? [], gradients[0] ?? []));
    }
    const { optimizer, schedule, epochs, batch } = this.#spec;
    const steps = epochs * Math.ceil(images.count / batch);
    const factor = scheduleFactor(schedule, { step: this.#stepsDone, steps, epoch: this.#epoch });
    this.#stepsDone += 1;
    const step = { optimizer: { ...optimizer, lr: optimizer.lr * factor }, step: this.#stepsDone };
    this.layers.forEach((layer, index) => {
      const moments = this.#moments[index] ?? newMoments(layer);
      weightUpdate(layer, moments, inputs[index] ?? [], gradients[index] ?? [], step);
    });
    return mean(losses);
  }

  #forward(x: Float64Array, clean: Float64Array) {
    const inputs = [x];
    for (const layer of this.layers.slice(0, -1)) {
      inputs.push(denseForward(layer, last(inputs), this.#network.activation));
    }
    const { loss, output } = this.#spec;
    return { inputs, ...denseLoss(last(this.layers), last(inputs), { output, loss, clean, input: x }) };
  }

  #batch(images: ReferenceImages, chosen: Uint32Array, key: NoiseKey) {
    const { image, channels } = this.#network;
    const [rows, columns] = image;
    const shape = { rows, columns, channels };
    const { noise } = this.#spec;
    return "places" in images
      ? corruptPatches(images, shape, chosen, noise, key)
      : corruptBatch(images, shape, chosen, noise, key);
  }
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
