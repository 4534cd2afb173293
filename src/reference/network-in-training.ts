import { last } from "../math/last.ts";
import { skipOf } from "../spec/layers.ts";
import type { LayerWeights, NetworkSpec } from "../spec/network.ts";
import { type RunPlace, scheduleFactor } from "../spec/schedule.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { inputCentre } from "../spec/training.ts";
import { mathOf, type ReferenceLayer, referenceLayers } from "./layers.ts";
import { descend, newGradient, newMoments } from "./weight-update.ts";

/** Noisy rows and their targets: x and clean, both [rows, values]. */
export interface Rows {
  readonly x: Float64Array;
  readonly clean: Float64Array;
}

/** A network in training, in float64. */
export class NetworkInTraining {
  readonly layers: readonly ReferenceLayer[];
  readonly #spec: TrainingSpec;
  readonly #moments;

  constructor(spec: TrainingSpec, network: NetworkSpec, initial: readonly LayerWeights[]) {
    this.#spec = spec;
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

  #forward({ x, clean }: Rows) {
    const centre = inputCentre(this.#spec);
    const inputs = [centre === 0 ? x : x.map((value) => value - centre)];
    for (const layer of this.layers.slice(0, -1)) {
      const added = inputs[skipOf(layer) ?? -1];
      inputs.push(mathOf(layer).forward(layer, last(inputs), layer.activation, undefined, added));
    }
    const { loss, output } = this.#spec;
    const layer = last(this.layers);
    return { inputs, ...mathOf(layer).loss(layer, last(inputs), { output, loss, clean, input: x }) };
  }
}
