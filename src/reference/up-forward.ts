import type { ActivationName } from "../spec/layer-specs.ts";
import { type ConvLayer, forEachProduct, sizeOf } from "./conv-layer.ts";
import { at } from "./elements.ts";
import { activated } from "./loss.ts";

/** Y[images, big] = activation(the transposed convolution of X[images, small] + bias + added). */
export function upForward(
  layer: ConvLayer,
  x: ArrayLike<number>,
  activation: ActivationName,
  networkInput: ArrayLike<number> = [],
  added?: ArrayLike<number>,
): Float64Array {
  const { big, small, weight, bias } = layer;
  const [inputs, outputs] = [sizeOf(small), sizeOf(big)];
  const images = x.length / inputs;
  const z = Float64Array.from(
    { length: images * outputs },
    (_, index) => at(bias, index % big.channels) + (added ? at(added, index) : 0),
  );
  for (let image = 0; image < images; image++) {
    forEachProduct(layer, (s, b, w) => {
      const place = image * outputs + b;
      z[place] = at(z, place) + at(weight, w) * at(x, image * inputs + s);
    });
  }
  return activated(z, activation, networkInput);
}
