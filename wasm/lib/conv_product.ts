// Products of a convolution that gathers: the tile's logits Z[s, o] = sum over taps j, k and big channels i of
// W[o, j, k, i] big[stride s + (j, k) - 1, i], to rows of the block.
// Twin: shaders/lib/conv_product.*.wgsl.
import { ConvLayer, tilePixel, tilePixels } from "./conv_layer";
import { quadAt } from "./layer";
import { block, blockStride, laneSumsOf, multiplyAdd } from "./product";

/** The address of the first of the 3 x 3 big pixels around a small one. */
// @ts-ignore: decorator
@inline
function neighbours(layer: ConvLayer, big: usize, index: u32): usize {
  return big + 16 * (<usize>tilePixel(index).big - <usize>(layer.bigColumns + 2)) * <usize>layer.bigQuads;
}

/**
 * Computes quads `first` up to, not including, `end` of the tile in the table, to the block's quads from 0 on. `big` is the address
 * of the big images. Two pixels and four channels at a time: eight sums in registers, six loads for eight multiply-adds.
 */
export function convProduct(layer: ConvLayer, parameters: usize, big: usize, first: u32, end: u32): void {
  // The three big pixels of a row are next to each other, and so are all weights of a small channel.
  const steps = 48 * <usize>layer.bigQuads;
  const stride = 3 * steps;
  const nextLine = 16 * <usize>((layer.bigColumns + 1) * layer.bigQuads) - steps;
  for (let quad = first; quad < end; quad++) {
    const w = quadAt(parameters, layer.weightOffset) + 4 * stride * quad;
    for (let m: u32 = 0; m < tilePixels; m += 2) {
      let x0 = neighbours(layer, big, m);
      let x1 = neighbours(layer, big, m + 1);
      let w0 = w;
      let w1 = w0 + stride;
      let w2 = w1 + stride;
      let w3 = w2 + stride;
      let c0 = f32x4.splat(0);
      let c1 = c0;
      let c2 = c0;
      let c3 = c0;
      let d0 = c0;
      let d1 = c0;
      let d2 = c0;
      let d3 = c0;
      for (let j: u32 = 0; j < 3; j++) {
        const last = w0 + steps;
        while (w0 < last) {
          const a = v128.load(x0);
          const b = v128.load(x1);
          let v = v128.load(w0);
          c0 = multiplyAdd(a, v, c0);
          d0 = multiplyAdd(b, v, d0);
          v = v128.load(w1);
          c1 = multiplyAdd(a, v, c1);
          d1 = multiplyAdd(b, v, d1);
          v = v128.load(w2);
          c2 = multiplyAdd(a, v, c2);
          d2 = multiplyAdd(b, v, d2);
          v = v128.load(w3);
          c3 = multiplyAdd(a, v, c3);
          d3 = multiplyAdd(b, v, d3);
          x0 += 16;
          x1 += 16;
          w0 += 16;
          w1 += 16;
          w2 += 16;
          w3 += 16;
        }
        x0 += nextLine;
        x1 += nextLine;
      }
      const place = block() + m * blockStride + 16 * <usize>(quad - first);
      v128.store(place, laneSumsOf(c0, c1, c2, c3));
      v128.store(place, laneSumsOf(d0, d1, d2, d3), blockStride);
    }
  }
}
