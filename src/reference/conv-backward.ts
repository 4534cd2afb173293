import { type ConvLayer, forEachProduct, sizeOf } from "./conv-layer.ts";
import { addedGradient, at } from "./elements.ts";

/**
 * dX[images, big] from dY[images, small] where X, the output of a ReLU, is above 0; else 0. `adder` is the gradient of a later layer
 * that adds X, [images, big].
 */
export function convBackward(
  layer: ConvLayer,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  adder?: ArrayLike<number>,
): Float64Array {
  const [inputs, outputs] = [sizeOf(layer.big), sizeOf(layer.small)];
  const dx = addedGradient(x, adder);
  for (let image = 0; image * inputs < x.length; image++) {
    forEachProduct(layer, (s, b, w) => {
      const place = image * inputs + b;
      if (at(x, place) > 0) dx[place] = at(dx, place) + at(layer.weight, w) * at(dy, image * outputs + s);
    });
  }
  return dx;
}
