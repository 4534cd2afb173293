import { type ConvLayer, forEachProduct, sizeOf } from "./conv-layer.ts";
import { at } from "./elements.ts";

/** dX[images, big] from dY[images, small] where X, the output of a ReLU, is above 0; else 0. */
export function convBackward(layer: ConvLayer, x: ArrayLike<number>, dy: ArrayLike<number>): Float64Array {
  const [inputs, outputs] = [sizeOf(layer.big), sizeOf(layer.small)];
  const dx = new Float64Array(x.length);
  for (let image = 0; image * inputs < x.length; image++) {
    forEachProduct(layer, (s, b, w) => {
      const place = image * inputs + b;
      if (at(x, place) > 0) dx[place] = at(dx, place) + at(layer.weight, w) * at(dy, image * outputs + s);
    });
  }
  return dx;
}
