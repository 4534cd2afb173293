import { forOptimizer, type OptimizerSpec, type OptimizerTable } from "../spec/optimizer.ts";
import type { DenseLayer } from "./dense-layer.ts";
import { at } from "./elements.ts";

/** An optimizer's two running means of one array of parameters, zero initially. */
export interface Moments {
  /** Of squared gradients. */
  readonly squares: Float64Array;
  /** Adadelta: of squared updates. Adam: of gradients. */
  readonly others: Float64Array;
}

/** A layer's parameters, or their gradient in the same shapes. */
export type Parameters = Pick<DenseLayer, "weight" | "bias">;

/** The running means of a layer. */
export interface LayerMoments {
  readonly weight: Moments;
  readonly bias: Moments;
}

export function newMoments({ weight, bias }: Parameters): LayerMoments {
  const zeros = (length: number): Moments => ({
    squares: new Float64Array(length),
    others: new Float64Array(length),
  });
  return { weight: zeros(weight.length), bias: zeros(bias.length) };
}

/** A training step: the optimizer, with the learning rate of the step, and the step's number in the run, from 1. */
export interface OptimizerStep {
  readonly optimizer: OptimizerSpec;
  readonly step: number;
}

/** Updates a layer and its running means with a whole batch's gradient. */
export function descend(
  layer: Parameters,
  moments: LayerMoments,
  gradient: Parameters,
  { optimizer, step }: OptimizerStep,
): void {
  const update = forOptimizer(updates, optimizer);
  update(layer.weight, gradient.weight, moments.weight, step);
  update(layer.bias, gradient.bias, moments.bias, step);
}

/** Updates parameters and their running means with a gradient; `step` counts from 1. */
type Update = (parameters: Float64Array, gradient: Float64Array, moments: Moments, step: number) => void;

/** The formulas of AdadeltaSpec and AdamSpec. */
const updates: OptimizerTable<Update> = {
  adadelta:
    ({ lr, rho, epsilon }) =>
    (parameters, gradient, { squares, others }) => {
      for (let k = 0; k < parameters.length; k++) {
        const g = at(gradient, k);
        const a = rho * at(squares, k) + (1 - rho) * g * g;
        const d = at(others, k);
        const u = (g * Math.sqrt(d + epsilon)) / Math.sqrt(a + epsilon);
        parameters[k] = at(parameters, k) - lr * u;
        squares[k] = a;
        others[k] = rho * d + (1 - rho) * u * u;
      }
    },
  adam:
    ({ lr, beta1, beta2, epsilon }) =>
    (parameters, gradient, { squares, others }, step) => {
      const rate = lr / (1 - beta1 ** step);
      const correction = Math.sqrt(1 - beta2 ** step);
      for (let k = 0; k < parameters.length; k++) {
        const g = at(gradient, k);
        const m = beta1 * at(others, k) + (1 - beta1) * g;
        const v = beta2 * at(squares, k) + (1 - beta2) * g * g;
        parameters[k] = at(parameters, k) - (rate * m) / (Math.sqrt(v) / correction + epsilon);
        squares[k] = v;
        others[k] = m;
      }
    },
};
