import { last } from "../math/last.ts";
import { skipOf } from "../spec/layers.ts";
import { isConvolutional, type LayerWeights, type NetworkSpec } from "../spec/network.ts";
import { type RunPlace, scheduleFactor } from "../spec/schedule.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { inputCentre } from "../spec/training.ts";
import { blocksOf } from "./forward-pass.ts";
import { mathOf, type ReferenceLayer, referenceLayers } from "./layers.ts";
import { descend, newMoments } from "./optimizer.ts";
import { pixelsToChannels } from "./pixels-to-channels.ts";
import { newGradient } from "./weight-update.ts";

/** Noisy rows and their targets: x and clean, both [rows, values], and the strength of each row's noise. */
export interface Rows {
  readonly x: Float64Array;
  readonly clean: Float64Array;
  readonly strengths: Float64Array;
  /** [rows, values]: 1 for the values that count in the loss, and otherwise 0. Default: all count. */
  readonly counted?: Float64Array | undefined;
}

/** A network in training, in float64. */
export class NetworkInTraining {
  readonly layers: readonly ReferenceLayer[];
  readonly #spec: TrainingSpec;
  readonly #network: NetworkSpec;
  readonly #moments;

  constructor(spec: TrainingSpec, network: NetworkSpec, initial: readonly LayerWeights[]) {
    this.#spec = spec;
    this.#network = network;
    this.layers = referenceLayers(network, initial);
    this.#moments = this.layers.map(newMoments);
  }

  /** Does a training step; returns the loss of each row before it. */
  step(rows: Rows, place: RunPlace): Float64Array {
    const { optimizer, schedule } = this.#spec;
    const { inputs, gradient, losses } = this.#forward(rows);
    const gradients = this.layers.map(newGradient);
    const dys: Float64Array[] = [];
    let dy = gradient;
    for (const [index, layer] of [...this.layers.entries()].reverse()) {
      dys[index] = dy;
      const x = inputs[index] ?? new Float64Array();
      const { addGradient, backward } = mathOf(layer);
      addGradient(gradients[index] ?? newGradient(layer), layer, x, dy);
      const adder = dys[this.layers.findIndex((later) => skipOf(later) === index)];
      if (index > 0) dy = backward(layer, x, dy, adder);
    }
    const lr = optimizer.lr * scheduleFactor(schedule, place);
    this.layers.forEach((layer, index) => {
      const [moments, change] = [this.#moments[index], gradients[index]];
      if (moments && change) {
        descend(layer, moments, change, { optimizer: { ...optimizer, lr }, step: place.step + 1 });
      }
    });
    return losses;
  }

  /** The loss of each row. */
  losses(rows: Rows): Float64Array {
    return this.#forward(rows).losses;
  }

  #forward(rows: Rows) {
    const { x, ...target } = this.#values(rows);
    const inputs = [x];
    for (const layer of this.layers.slice(0, -1)) {
      const added = inputs[skipOf(layer) ?? -1];
      inputs.push(mathOf(layer).forward(layer, last(inputs), layer.activation, undefined, added));
    }
    const { loss, output } = this.#spec;
    const layer = last(this.layers);
    return { inputs, ...mathOf(layer).loss(layer, last(inputs), { output, loss, ...target }) };
  }

  /** The values of the first layer, of the target, and of the picture that a residual output needs; for convolutions as planes. */
  #values({ x, clean, strengths, counted }: Rows) {
    const centre = inputCentre(this.#spec);
    if (!isConvolutional(this.#network)) {
      return { x: centre === 0 ? x : x.map((value) => value - centre), clean, input: x, counted };
    }
    const blocks = blocksOf(this.#network);
    return {
      x: pixelsToChannels(x, blocks, this.#network.noiseMap ? strengths : undefined),
      clean: pixelsToChannels(clean, blocks),
      input: pixelsToChannels(x, blocks),
      counted: counted && pixelsToChannels(counted, blocks),
    };
  }
}
