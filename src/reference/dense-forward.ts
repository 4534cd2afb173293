import type { ActivationName } from "../spec/layer-specs.ts";
import type { DenseLayer } from "./dense-layer.ts";
import { at } from "./elements.ts";
import { activated } from "./loss.ts";

/**
 * Y[rows, outputs] = activation(X[rows, inputs] W^T + bias). A residual output needs the network's input, which has the
 * shape of Y.
 */
export function denseForward(
  { inputs, outputs, weight, bias }: DenseLayer,
  x: ArrayLike<number>,
  activation: ActivationName,
  networkInput: ArrayLike<number> = [],
): Float64Array {
  const rows = x.length / inputs;
  const z = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    for (let output = 0; output < outputs; output++) {
      let sum = at(bias, output);
      for (let input = 0; input < inputs; input++) {
        sum += at(x, row * inputs + input) * at(weight, output * inputs + input);
      }
      z[row * outputs + output] = sum;
    }
  }
  return activated(z, activation, networkInput);
}
