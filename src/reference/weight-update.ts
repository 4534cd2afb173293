import type { OptimizerSpec } from "../spec/optimizer.ts";
import type { DenseLayer } from "./dense-layer.ts";
import { at } from "./elements.ts";

/** An optimizer's two running means of one array of parameters, zero to begin with. */
export interface Moments {
  /** Of squared gradients. */
  readonly squares: Float64Array;
  /** Adadelta: of squared updates. Adam: of gradients. */
  readonly others: Float64Array;
}

/** The running means of a layer. */
export interface LayerMoments {
  readonly weight: Moments;
  readonly bias: Moments;
}

export function newMoments({ weight, bias }: DenseLayer): LayerMoments {
  const zeros = (length: number): Moments => ({
    squares: new Float64Array(length),
    others: new Float64Array(length),
  });
  return { weight: zeros(weight.length), bias: zeros(bias.length) };
}

/** A training step: the optimizer, whose learning rate is that of the step, and the step's number in the run, from 1. */
export interface OptimizerStep {
  readonly optimizer: OptimizerSpec;
  readonly step: number;
}

/** Updates a layer, and its running means, by the gradient dW = dY^T X, dbias = the sum of dY's rows. */
export function weightUpdate(
  layer: DenseLayer,
  moments: LayerMoments,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  step: OptimizerStep,
): void {
  const { inputs, outputs } = layer;
  const rows = x.length / inputs;
  const dWeight = new Float64Array(outputs * inputs);
  const dBias = new Float64Array(outputs);
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < outputs; o++) {
      const d = at(dy, row * outputs + o);
      dBias[o] = at(dBias, o) + d;
      for (let i = 0; i < inputs; i++) {
        dWeight[o * inputs + i] = at(dWeight, o * inputs + i) + d * at(x, row * inputs + i);
      }
    }
  }
  optimize(layer.weight, dWeight, moments.weight, step);
  optimize(layer.bias, dBias, moments.bias, step);
}

/** The formulas of AdadeltaSpec and AdamSpec, word by word. */
function optimize(
  parameters: Float64Array,
  gradient: Float64Array,
  { squares, others }: Moments,
  { optimizer, step }: OptimizerStep,
): void {
  const { lr, epsilon } = optimizer;
  gradient.forEach((g, k) => {
    switch (optimizer.name) {
      case "adadelta": {
        const { rho } = optimizer;
        const a = rho * at(squares, k) + (1 - rho) * g * g;
        const d = at(others, k);
        const u = (g * Math.sqrt(d + epsilon)) / Math.sqrt(a + epsilon);
        parameters[k] = at(parameters, k) - lr * u;
        squares[k] = a;
        others[k] = rho * d + (1 - rho) * u * u;
        break;
      }
      case "adam": {
        const { beta1, beta2 } = optimizer;
        const m = beta1 * at(others, k) + (1 - beta1) * g;
        const v = beta2 * at(squares, k) + (1 - beta2) * g * g;
        const root = Math.sqrt(v) / Math.sqrt(1 - beta2 ** step);
        parameters[k] = at(parameters, k) - ((lr / (1 - beta1 ** step)) * m) / (root + epsilon);
        squares[k] = v;
        others[k] = m;
        break;
      }
    }
  });
}
