import { type ConvLayer, forEachProduct, sizeOf } from "./conv-layer.ts";
import { addedGradient, at } from "./elements.ts";

/**
 * dX[images, small] from dY[images, big] where X, the output of a ReLU, is above 0; else 0. `adder` is the gradient of a later layer
 * that adds X, [images, small].
 */
export function upBackward(
  layer: ConvLayer,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  adder?: ArrayLike<number>,
): Float64Array {
  const [inputs, outputs] = [sizeOf(layer.small), sizeOf(layer.big)];
  const dx = addedGradient(x, adder);
  for (let image = 0; image * inputs < x.length; image++) {
    forEachProduct(layer, (s, b, w) => {
      const place = image * inputs + s;
      if (at(x, place) > 0) dx[place] = at(dx, place) + at(layer.weight, w) * at(dy, image * outputs + b);
    });
  }
  return dx;
}
