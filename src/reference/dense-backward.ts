import type { DenseLayer } from "./dense-layer.ts";
import { at } from "./elements.ts";

/** dX[rows, inputs] = dY[rows, outputs] W where X[rows, inputs], the output of a ReLU, is above 0; else 0. */
export function denseBackward(
  { inputs, outputs, weight }: DenseLayer,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
): Float64Array {
  const dx = new Float64Array(x.length);
  for (let row = 0; row * inputs < x.length; row++) {
    for (let input = 0; input < inputs; input++) {
      if (!(at(x, row * inputs + input) > 0)) continue;
      let sum = 0;
      for (let output = 0; output < outputs; output++) {
        sum += at(dy, row * outputs + output) * at(weight, output * inputs + input);
      }
      dx[row * inputs + input] = sum;
    }
  }
  return dx;
}
