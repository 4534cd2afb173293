import type { ActivationName } from "../spec/network.ts";
import type { DenseLayer } from "./dense-layer.ts";
import { doubles } from "./elements.ts";
import { outputValue } from "./loss.ts";
import { addRowProducts } from "./row-products.ts";

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
  const y = new Float64Array((x.length / inputs) * outputs);
  for (let place = 0; place < y.length; place += outputs) y.set(bias, place);
  addRowProducts(y, doubles(x), weight, inputs);
  const input = doubles(networkInput);
  for (let place = 0; place < y.length; place++) {
    const z = y[place] ?? Number.NaN;
    y[place] =
      activation === "relu" ? Math.max(z, 0) : outputValue(activation, z, input[place] ?? Number.NaN);
  }
  return y;
}
