import type { ActivationName } from "../spec/network.ts";
import type { DenseLayer } from "./dense-layer.ts";
import { at } from "./elements.ts";
import { sigmoid } from "./loss.ts";

/** Y[rows, outputs] = activation(X[rows, inputs] W^T + bias); "logits" for no activation. */
export function denseForward(
  { inputs, outputs, weight, bias }: DenseLayer,
  x: ArrayLike<number>,
  activation: ActivationName | "logits",
): Float64Array {
  const rows = x.length / inputs;
  const y = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < outputs; o++) {
      let z = at(bias, o);
      for (let i = 0; i < inputs; i++) z += at(x, row * inputs + i) * at(weight, o * inputs + i);
      y[row * outputs + o] = activate(activation, z);
    }
  }
  return y;
}

function activate(activation: ActivationName | "logits", z: number): number {
  switch (activation) {
    case "relu":
      return Math.max(z, 0);
    case "sigmoid":
      return sigmoid(z);
    case "logits":
      return z;
  }
}
