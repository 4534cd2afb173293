import type { DenseLayer } from "./dense-layer.ts";
import { doubles } from "./elements.ts";
import { addRowProducts, transposed } from "./row-products.ts";

/** dX[rows, inputs] = dY[rows, outputs] W, where X[rows, inputs], the output of a ReLU, is above 0; else 0. */
export function denseBackward(
  { inputs, outputs, weight }: DenseLayer,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
): Float64Array {
  const dx = new Float64Array(x.length);
  addRowProducts(dx, doubles(dy), transposed(weight, inputs), outputs);
  const values = doubles(x);
  for (let place = 0; place < dx.length; place++) {
    if (!((values[place] ?? Number.NaN) > 0)) dx[place] = 0;
  }
  return dx;
}
