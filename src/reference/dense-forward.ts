import type { ActivationName } from "../spec/network.ts";
import type { DenseLayer } from "./dense-layer.ts";
import { at } from "./elements.ts";
import { outputValue } from "./loss.ts";

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
  const y = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < outputs; o++) {
      let z = at(bias, o);
      for (let i = 0; i < inputs; i++) z += at(x, row * inputs + i) * at(weight, o * inputs + i);
      const place = row * outputs + o;
      y[place] = activation === "relu" ? Math.max(z, 0) : outputValue(activation, z, at(networkInput, place));
    }
  }
  return y;
}
