import { streams } from "../math/streams.ts";
import type { LayerWeights, NetworkSpec } from "../spec/network.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { blindSpots } from "./blind-spots.ts";
import { corruptBatch, type PairedSamples } from "./corrupt-batch.ts";
import { corruptPatches, type PatchPictures } from "./corrupt-patches.ts";
import type { ReferenceLayer } from "./layers.ts";
import { NetworkInTraining, type Rows } from "./network-in-training.ts";
import type { NoiseKey } from "./noise-draws.ts";
import { shuffleOrder } from "./shuffle-order.ts";

/** Images, or pictures and the places of an epoch's patches in them. */
export type ReferenceImages = { readonly count: number } & (PairedSamples | PatchPictures);

/** A whole training run on the CPU in float64, step by step. Runs on a device are compared with it. */
export class ReferenceTrainer {
  readonly #spec: TrainingSpec;
  readonly #network: NetworkSpec;
  readonly #training: NetworkInTraining;
  #epoch = 0;
  #stepsDone = 0;

  constructor(spec: TrainingSpec, network: NetworkSpec, initial: readonly LayerWeights[]) {
    this.#spec = spec;
    this.#network = network;
    this.#training = new NetworkInTraining(spec, network, initial);
  }

  get layers(): readonly ReferenceLayer[] {
    return this.#training.layers;
  }

  /** Trains one epoch; returns the loss of each step before its update. */
  epoch(images: ReferenceImages): number[] {
    const { batch, shuffle, seed, fixedNoise, noise2noise: swap, shift } = this.#spec;
    const order = shuffle
      ? shuffleOrder(images.count, seed, this.#epoch)
      : Uint32Array.from({ length: images.count }, (_, position) => position);
    const key = { seed, stream: streams.trainingNoise, epoch: fixedNoise ? 0 : this.#epoch };
    const losses: number[] = [];
    for (let first = 0; first < images.count; first += batch) {
      losses.push(this.#step({ ...images, swap, shift }, order.subarray(first, first + batch), key));
    }
    this.#epoch += 1;
    return losses;
  }

  /** The mean loss over validation images. */
  validate(images: ReferenceImages): number {
    const all = Uint32Array.from({ length: images.count }, (_, image) => image);
    const { seed } = this.#spec;
    const rows = this.#rows(images, all, { seed, stream: streams.validationNoise, epoch: 0 }, 0);
    return mean(this.#training.losses(rows));
  }

  #step(images: ReferenceImages, chosen: Uint32Array, key: NoiseKey): number {
    const steps = this.#spec.epochs * Math.ceil(images.count / this.#spec.batch);
    const place = { step: this.#stepsDone, steps, epoch: this.#epoch };
    const losses = this.#training.step(this.#rows(images, chosen, key, this.#epoch), place);
    this.#stepsDone += 1;
    return mean(losses);
  }

  /** The blind spots are drawn again in every epoch, also if the noise is not. */
  #rows(images: ReferenceImages, chosen: Uint32Array, key: NoiseKey, epoch: number): Rows {
    const { image, channels } = this.#network;
    const [rows, columns] = image;
    const shape = { rows, columns, channels };
    const { noise, selfSupervised, mask } = this.#spec;
    const batch =
      "places" in images
        ? corruptPatches(images, shape, chosen, noise, key)
        : corruptBatch(images, shape, chosen, noise, key);
    if (!selfSupervised) return batch;
    return { ...batch, clean: batch.x, ...blindSpots(batch.x, shape, mask, chosen, { ...key, epoch }) };
  }
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
