import type { DenseLayer } from "./dense-layer.ts";
import { at } from "./elements.ts";

/** dX[rows, inputs] = dY[rows, outputs] W, where X[rows, inputs], the output of a ReLU, is above 0; else 0. */
export function denseBackward(
  { inputs, outputs, weight }: DenseLayer,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
): Float64Array {
  const rows = x.length / inputs;
  const dx = new Float64Array(rows * inputs);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < inputs; i++) {
      let sum = 0;
      for (let o = 0; o < outputs; o++) sum += at(dy, row * outputs + o) * at(weight, o * inputs + i);
      dx[row * inputs + i] = at(x, row * inputs + i) > 0 ? sum : 0;
    }
  }
  return dx;
}
