import type { AdadeltaSpec } from "../spec/optimizer.ts";
import type { DenseLayer } from "./dense-layer.ts";
import { at } from "./elements.ts";

/** Adadelta's two accumulators of one array of parameters. */
export interface Accumulators {
  /** a: the running mean of squared gradients. */
  readonly squaredGradients: Float64Array;
  /** d: the running mean of squared updates. */
  readonly squaredUpdates: Float64Array;
}

/** The accumulators of a layer, zero to begin with. */
export interface LayerAccumulators {
  readonly weight: Accumulators;
  readonly bias: Accumulators;
}

export function newAccumulators({ weight, bias }: DenseLayer): LayerAccumulators {
  const zeros = (length: number): Accumulators => ({
    squaredGradients: new Float64Array(length),
    squaredUpdates: new Float64Array(length),
  });
  return { weight: zeros(weight.length), bias: zeros(bias.length) };
}

/** Updates a layer, and its accumulators, by the gradient dW = dY^T X, dbias = the sum of dY's rows. */
export function adadeltaUpdate(
  layer: DenseLayer,
  accumulators: LayerAccumulators,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  spec: AdadeltaSpec,
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
  updateParameters(layer.weight, dWeight, accumulators.weight, spec);
  updateParameters(layer.bias, dBias, accumulators.bias, spec);
}

/** Adadelta as Keras 2 and PyTorch compute it (see AdadeltaSpec). */
function updateParameters(
  parameters: Float64Array,
  gradient: Float64Array,
  { squaredGradients, squaredUpdates }: Accumulators,
  { lr, rho, epsilon }: AdadeltaSpec,
): void {
  gradient.forEach((g, k) => {
    const a = rho * at(squaredGradients, k) + (1 - rho) * g * g;
    const d = at(squaredUpdates, k);
    const u = (g * Math.sqrt(d + epsilon)) / Math.sqrt(a + epsilon);
    parameters[k] = at(parameters, k) - lr * u;
    squaredGradients[k] = a;
    squaredUpdates[k] = rho * d + (1 - rho) * u * u;
  });
}
