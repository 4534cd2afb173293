import { last } from "../math/last.ts";
import type { LayerWeights, NetworkSpec } from "../spec/network.ts";
import { type RunPlace, scheduleFactor } from "../spec/schedule.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { inputCentre } from "../spec/training.ts";
import type { OutputLoss } from "./dense-loss.ts";
import { type LayerMath, mathOf, type ReferenceLayer, referenceLayers, referenceMath } from "./layers.ts";
import { descend, type LayerGradient, type LayerMoments, newGradient, newMoments } from "./weight-update.ts";

/** Noisy rows and their targets: x and clean, both [rows, values]. */
export interface Rows {
  readonly x: Float64Array;
  readonly clean: Float64Array;
}

/** The results of rows, each [rows]. */
export type RowErrors = Pick<OutputLoss, "losses" | "squaredErrors">;

/** A layer, and its state from step to step. */
interface LayerInTraining {
  readonly layer: ReferenceLayer;
  readonly moments: LayerMoments;
  /** For the rows of the current step. */
  readonly gradient: LayerGradient;
}

/**
 * A network in training, in float64. A step can be done a few rows at a time: `learn` from all of them, then
 * `update`.
 */
export class NetworkInTraining {
  readonly #spec: TrainingSpec;
  readonly #math: LayerMath;
  readonly #layers: readonly LayerInTraining[];

  /** `math` computes the layers. */
  constructor(
    spec: TrainingSpec,
    network: NetworkSpec,
    initial: readonly LayerWeights[],
    math = referenceMath,
  ) {
    this.#spec = spec;
    this.#math = math;
    this.#layers = referenceLayers(network, initial).map((layer) => ({
      layer,
      moments: newMoments(layer),
      gradient: newGradient(layer),
    }));
  }

  /** The current weights. */
  get layers(): readonly ReferenceLayer[] {
    return this.#layers.map(({ layer }) => layer);
  }

  /** The optimizer's running means, layer by layer. */
  get moments(): readonly LayerMoments[] {
    return this.#layers.map(({ moments }) => moments);
  }

  /** Whether every weight is finite, also as float32, the precision of models. */
  get isFinite(): boolean {
    return this.layers.every(({ weight, bias }) => [weight, bias].every(isFiniteInFloat32));
  }

  /**
   * Accumulates the gradient of some rows of a step with `samples` rows; the weights stay the same until `update`.
   */
  learn(rows: Rows, samples: number): RowErrors {
    const { inputs, gradient, losses, squaredErrors } = this.#forward(rows, samples);
    let dy = gradient;
    for (const [index, { layer, gradient: sums }] of [...this.#layers.entries()].reverse()) {
      const x = inputs[index] ?? new Float64Array();
      const { addGradient, backward } = mathOf(this.#math, layer);
      addGradient(sums, layer, x, dy);
      if (index > 0) dy = backward(layer, x, dy);
    }
    return { losses, squaredErrors };
  }

  /** Ends a step: updates the weights with the gradient of its rows. */
  update(place: RunPlace): void {
    const { optimizer, schedule } = this.#spec;
    const lr = optimizer.lr * scheduleFactor(schedule, place);
    const step = { optimizer: { ...optimizer, lr }, step: place.step + 1 };
    for (const { layer, moments, gradient } of this.#layers) {
      descend(layer, moments, gradient, step);
      gradient.weight.fill(0);
      gradient.bias.fill(0);
    }
  }

  /** The errors of rows with the current weights. */
  measure(rows: Rows): RowErrors {
    return this.#forward(rows);
  }

  /** The output for rows of pictures with the current weights. */
  denoise(x: Float64Array): Float64Array {
    const layer = last(this.layers);
    return mathOf(this.#math, layer).forward(layer, last(this.#inputs(x)), this.#spec.output, x);
  }

  #forward({ x, clean }: Rows, samples?: number) {
    const inputs = this.#inputs(x);
    const { loss, output } = this.#spec;
    const task = { output, loss, clean, input: x, samples };
    const layer = last(this.layers);
    return { inputs, ...mathOf(this.#math, layer).loss(layer, last(inputs), task) };
  }

  /** The input of each layer. */
  #inputs(x: Float64Array): Float64Array[] {
    const centre = inputCentre(this.#spec);
    const inputs = [centre === 0 ? x : x.map((value) => value - centre)];
    for (const layer of this.layers.slice(0, -1)) {
      inputs.push(mathOf(this.#math, layer).forward(layer, last(inputs), layer.activation));
    }
    return inputs;
  }
}

function isFiniteInFloat32(values: Float64Array): boolean {
  for (const value of values) if (!Number.isFinite(Math.fround(value))) return false;
  return true;
}
