import type { ActivationName } from "../spec/layer-specs.ts";
import { type ConvLayer, forEachProduct, sizeOf } from "./conv-layer.ts";
import { at } from "./elements.ts";
import { activated } from "./loss.ts";

/**
 * Y[images, small] = activation(the convolution of X[images, big] + bias + added). A residual output needs the network's input, which
 * has the shape of Y; so has `added`, the output of an earlier layer.
 */
export function convForward(
  layer: ConvLayer,
  x: ArrayLike<number>,
  activation: ActivationName,
  networkInput: ArrayLike<number> = [],
  added?: ArrayLike<number>,
): Float64Array {
  const { big, small, weight, bias } = layer;
  const [inputs, outputs] = [sizeOf(big), sizeOf(small)];
  const images = x.length / inputs;
  const z = Float64Array.from(
    { length: images * outputs },
    (_, index) => at(bias, index % small.channels) + (added ? at(added, index) : 0),
  );
  for (let image = 0; image < images; image++) {
    forEachProduct(layer, (s, b, w) => {
      const place = image * outputs + s;
      z[place] = at(z, place) + at(weight, w) * at(x, image * inputs + b);
    });
  }
  return activated(z, activation, networkInput);
}
