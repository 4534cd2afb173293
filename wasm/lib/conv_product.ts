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

/**
 * Computes the only channel of eight small pixels next to each other, to the block's first two quads. `firstBig` is the address of
 * the big pixel at the place of the first one; the stride is 1. A big pixel is loaded once for the three small pixels of its row
 * that it is a neighbour of.
 */
export function convProductOfOne(layer: ConvLayer, parameters: usize, firstBig: usize): void {
  const step = 16 * <usize>layer.bigQuads;
  const lineStep = <usize>(layer.bigColumns + 1) * step;
  let line = firstBig - lineStep - step;
  let w = quadAt(parameters, layer.weightOffset);
  let c0 = f32x4.splat(0);
  let c1 = c0;
  let c2 = c0;
  let c3 = c0;
  let c4 = c0;
  let c5 = c0;
  let c6 = c0;
  let c7 = c0;
  for (let j: u32 = 0; j < 3; j++) {
    const last = w + step;
    let first = line;
    while (w < last) {
      const left = v128.load(w);
      const middle = v128.load(w + step);
      const right = v128.load(w + 2 * step);
      let from = first;
      let x = v128.load(from);
      c0 = multiplyAdd(x, left, c0);
      from += step;
      x = v128.load(from);
      c0 = multiplyAdd(x, middle, c0);
      c1 = multiplyAdd(x, left, c1);
      from += step;
      x = v128.load(from);
      c0 = multiplyAdd(x, right, c0);
      c1 = multiplyAdd(x, middle, c1);
      c2 = multiplyAdd(x, left, c2);
      from += step;
      x = v128.load(from);
      c1 = multiplyAdd(x, right, c1);
      c2 = multiplyAdd(x, middle, c2);
      c3 = multiplyAdd(x, left, c3);
      from += step;
      x = v128.load(from);
      c2 = multiplyAdd(x, right, c2);
      c3 = multiplyAdd(x, middle, c3);
      c4 = multiplyAdd(x, left, c4);
      from += step;
      x = v128.load(from);
      c3 = multiplyAdd(x, right, c3);
      c4 = multiplyAdd(x, middle, c4);
      c5 = multiplyAdd(x, left, c5);
      from += step;
      x = v128.load(from);
      c4 = multiplyAdd(x, right, c4);
      c5 = multiplyAdd(x, middle, c5);
      c6 = multiplyAdd(x, left, c6);
      from += step;
      x = v128.load(from);
      c5 = multiplyAdd(x, right, c5);
      c6 = multiplyAdd(x, middle, c6);
      c7 = multiplyAdd(x, left, c7);
      from += step;
      x = v128.load(from);
      c6 = multiplyAdd(x, right, c6);
      c7 = multiplyAdd(x, middle, c7);
      x = v128.load(from + step);
      c7 = multiplyAdd(x, right, c7);
      first += 16;
      w += 16;
    }
    line += lineStep;
    w += 2 * step;
  }
  v128.store(block(), laneSumsOf(c0, c1, c2, c3));
  v128.store(block(), laneSumsOf(c4, c5, c6, c7), 16);
}
