import { type ConvLayer, forEachProduct, sizeOf } from "./conv-layer.ts";
import { at } from "./elements.ts";
import type { LayerGradient } from "./weight-update.ts";

/**
 * Adds the gradient of some images of a batch: dW[o, i, j, k] = the sum over pixels of small[o] big[i]. For a convolution the
 * big image is its input and the small one the gradient of its output; for a transposed one (`up`) it is the other way round.
 */
export function convGradient(
  { weight, bias }: LayerGradient,
  layer: ConvLayer,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  up = false,
): void {
  const [bigs, smalls] = up ? [dy, x] : [x, dy];
  const [bigSize, smallSize] = [sizeOf(layer.big), sizeOf(layer.small)];
  for (let image = 0; image * bigSize < bigs.length; image++) {
    forEachProduct(layer, (s, b, w) => {
      weight[w] = at(weight, w) + at(smalls, image * smallSize + s) * at(bigs, image * bigSize + b);
    });
  }
  for (let place = 0; place < dy.length; place++) {
    const channel = place % bias.length;
    bias[channel] = at(bias, channel) + at(dy, place);
  }
}
