import type { DenseLayer } from "./dense-layer.ts";
import { at } from "./elements.ts";
import { descend, type LayerMoments, type OptimizerStep, type Parameters } from "./optimizer.ts";

/** The gradient of a loss with respect to a layer's parameters, in their shapes. */
export type LayerGradient = Parameters;

/** A gradient of zeros. */
export function newGradient({ weight, bias }: Parameters): LayerGradient {
  return { weight: new Float64Array(weight.length), bias: new Float64Array(bias.length) };
}

/** Updates a layer and its running means with the gradient of a batch. */
export function weightUpdate(
  layer: DenseLayer,
  moments: LayerMoments,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  step: OptimizerStep,
): void {
  const gradient = newGradient(layer);
  addGradient(gradient, layer, x, dy);
  descend(layer, moments, gradient, step);
}

/** Adds the gradient of some rows of a batch: dW = dY^T X, dbias = the sum of dY's rows. */
export function addGradient(
  { weight, bias }: LayerGradient,
  { inputs, outputs }: DenseLayer,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
): void {
  for (let row = 0; row * inputs < x.length; row++) {
    for (let output = 0; output < outputs; output++) {
      const d = at(dy, row * outputs + output);
      bias[output] = at(bias, output) + d;
      for (let input = 0; input < inputs; input++) {
        const place = output * inputs + input;
        weight[place] = at(weight, place) + d * at(x, row * inputs + input);
      }
    }
  }
}
