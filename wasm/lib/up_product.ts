// Products of a convolution that scatters, for the tile's small pixels and up to two quads of big channels: those of the big
// pixels stride s + phase, to rows of the block:
//   Z[b, i] = sum over small channels o and taps j, k with b = stride s + (j, k) - 1 of small[s, o] W[o, j, k, i]
// Twin: shaders/lib/up_product.*.wgsl.
import { ConvLayer, tilePixel } from "./conv_layer";
import { quadAt } from "./layer";
import { block, blockStride, multiplyAdd } from "./product";

/** The address of a small pixel of the tile, which starts at `first`; of the first pixel of all for one of zeros. */
// @ts-ignore: decorator
@inline
function smallPixel(layer: ConvLayer, small: usize, first: u32, index: u32): usize {
  return tilePixel(index).inside ? small + 16 * <usize>((first + index) * layer.smallQuads) : small;
}

/**
 * Computes the tile whose first pixel is `pixel`, for quads `quad` and `other` of the big channels. `small` is the address of the small
 * images. Four pixels and two quads at a time: eight sums in registers, six loads for eight multiply-adds.
 */
export function upProduct(
  layer: ConvLayer,
  parameters: usize,
  small: usize,
  pixel: u32,
  quad: u32,
  other: u32,
  phaseRow: u32,
  phaseColumn: u32,
): void {
  const stride = 144 * <usize>layer.bigQuads;
  const line = (layer.smallColumns + 1) * layer.smallQuads;
  const channels = 4 * <usize>layer.smallChannels;
  const halves = layer.stride == 2 ? 1 : 0;
  for (let m: u32 = 0; m < 8; m += 4) {
    const p0 = smallPixel(layer, small, pixel, m);
    const p1 = smallPixel(layer, small, pixel, m + 1);
    const p2 = smallPixel(layer, small, pixel, m + 2);
    const p3 = smallPixel(layer, small, pixel, m + 3);
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let b0 = a0;
    let b1 = a0;
    let b2 = a0;
    let b3 = a0;
    for (let j: i32 = 0; j < 3; j++) {
      const down = <i32>phaseRow + 1 - j;
      if (down & halves) continue;
      for (let k: i32 = 0; k < 3; k++) {
        const right = <i32>phaseColumn + 1 - k;
        if (right & halves) continue;
        const away = 16 * <isize>((down >> halves) * <i32>line + (right >> halves) * <i32>layer.smallQuads);
        let s0 = p0 + away;
        let s1 = p1 + away;
        let s2 = p2 + away;
        let s3 = p3 + away;
        let w = quadAt(parameters, layer.weightOffset + (3 * j + k) * layer.bigQuads);
        const end = s0 + channels;
        while (s0 < end) {
          const v = v128.load(w + 16 * <usize>quad);
          const u = v128.load(w + 16 * <usize>other);
          let x = v128.load32_splat(s0);
          a0 = multiplyAdd(x, v, a0);
          b0 = multiplyAdd(x, u, b0);
          x = v128.load32_splat(s1);
          a1 = multiplyAdd(x, v, a1);
          b1 = multiplyAdd(x, u, b1);
          x = v128.load32_splat(s2);
          a2 = multiplyAdd(x, v, a2);
          b2 = multiplyAdd(x, u, b2);
          x = v128.load32_splat(s3);
          a3 = multiplyAdd(x, v, a3);
          b3 = multiplyAdd(x, u, b3);
          s0 += 4;
          s1 += 4;
          s2 += 4;
          s3 += 4;
          w += stride;
        }
      }
    }
    const place = block() + m * blockStride;
    v128.store(place, a0);
    v128.store(place, b0, 16);
    v128.store(place, a1, blockStride);
    v128.store(place, b1, blockStride + 16);
    v128.store(place, a2, 2 * blockStride);
    v128.store(place, b2, 2 * blockStride + 16);
    v128.store(place, a3, 3 * blockStride);
    v128.store(place, b3, 3 * blockStride + 16);
  }
}

/** The number of big pixel stride s + phase of a pixel of the tile, or -1 if there is none. */
// @ts-ignore: decorator
@inline
export function bigPixel(layer: ConvLayer, index: u32, phaseRow: u32, phaseColumn: u32): i32 {
  const one = tilePixel(index);
  const inside =
    one.inside &&
    layer.stride * one.row + phaseRow < layer.bigRows &&
    layer.stride * one.column + phaseColumn < layer.bigColumns;
  return inside ? <i32>(one.big + phaseRow * (layer.bigColumns + 1) + phaseColumn) : -1;
}
