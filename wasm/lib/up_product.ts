// Products of a convolution that scatters, for the tile's small pixels and up to two quads of big channels: those of the big
// pixels stride s + phase, to rows of the block:
//   Z[b, i] = sum over small channels o and taps j, k with b = stride s + (j, k) - 1 of small[s, o] W[o, j, k, i]
// The weights are packed first, in the order of the sum: as they lie in memory, rows far apart would compete for the same cache sets.
// Twin: shaders/lib/up_product.*.wgsl.
import { ConvLayer, pixel, quad, quadEnd, tilePixel, tilePixels } from "./conv_layer";
import { quadAt } from "./layer";
import { block, blockStride, multiplyAdd, packedTaps } from "./product";

/** Bytes of the packed weights of a tap and a small channel: one for each of eight big channels. */
const channelBytes: usize = 32;

/**
 * Packs the weights of the tile's big channels as [3, 3, small channels, 8]. If there is one quad, it is there twice. The rows and columns
 * of taps are in the order of their small pixels: 2, 1, 0. With a stride of 2 there is first the one of even big pixels, then those of
 * odd ones: 1, 2, 0.
 */
export function packTaps(layer: ConvLayer, parameters: usize): void {
  const second = 16 * <usize>(quadEnd - 1 - quad);
  const row = 144 * <usize>layer.bigQuads;
  const channels = smallChannels(layer);
  let to = packedTaps();
  for (let j: u32 = 0; j < 3; j++) {
    for (let k: u32 = 0; k < 3; k++) {
      const tap = 3 * tapAt(layer, j) + tapAt(layer, k);
      let from = quadAt(parameters, layer.weightOffset + tap * layer.bigQuads + quad);
      for (let channel: u32 = 0; channel < channels; channel++) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from + second), 16);
        from += row;
        to += channelBytes;
      }
    }
  }
}

/** The small channels of the sums: all of the quads, but not the padding of a single one. */
// @ts-ignore: decorator
@inline
function smallChannels(layer: ConvLayer): u32 {
  return layer.smallChannels == 1 ? 1 : 4 * layer.smallQuads;
}

/** The row or column of taps at a place of the packed ones. */
// @ts-ignore: decorator
@inline
function tapAt(layer: ConvLayer, place: u32): u32 {
  return layer.stride == 1 ? 2 - place : (place + 1) % 3;
}

/** Computes the tile, whose weights are packed. `small` is the address of the small images. */
export function upProduct(layer: ConvLayer, small: usize, phaseRow: u32, phaseColumn: u32): void {
  const step = 16 * <usize>layer.smallQuads;
  const nextRow = <usize>(layer.smallColumns + 1) * step;
  const channels = smallChannels(layer);
  const one = layer.stride == 1;
  const first = one ? small - nextRow - step : small;
  const rows = one ? 3 : 1 + phaseRow;
  const weights = packedTaps() + channelBytes * <usize>((3 * phaseRow + phaseColumn) * channels);
  const rowWeights = channelBytes * <usize>(channels * (one ? 3 : 1 + phaseColumn));
  const nextWeights = 3 * channelBytes * <usize>channels;
  for (let m: u32 = 0; m < tilePixels; m += 4) {
    if (channels == 1) sumPixels(first, step, m, rows, nextRow, weights, rowWeights, nextWeights);
    else sumQuads(first, step, m, rows, nextRow, weights, rowWeights, nextWeights);
  }
}

/** sumTaps for pixels of quads: all numbers of a row of taps are next to each other. */
function sumQuads(
  first: usize,
  step: usize,
  m: u32,
  rows: u32,
  nextRow: usize,
  weights: usize,
  rowWeights: usize,
  nextWeights: usize,
): void {
  sumTaps(first, step, m, rows, nextRow, weights, rowWeights, nextWeights, 4);
}

/** sumTaps for pixels of one number. */
function sumPixels(
  first: usize,
  step: usize,
  m: u32,
  rows: u32,
  nextRow: usize,
  weights: usize,
  rowWeights: usize,
  nextWeights: usize,
): void {
  sumTaps(first, step, m, rows, nextRow, weights, rowWeights, nextWeights, 16);
}

/**
 * Computes four pixels of the tile, from `m` on, to rows of the block. `first` is the address of the first pixel's first neighbour, `step`
 * the bytes of a pixel. There are rows of taps, their pixels `nextRow` bytes apart and their weights, `rowWeights` bytes, `nextWeights`.
 * `nextNumber`, the bytes between numbers of such a row, is a constant. Eight sums in registers, six loads for eight multiply-adds. The
 * loop is not unrolled: V8 would keep more loads in registers than there are.
 */
// @ts-ignore: decorator
@inline
function sumTaps(
  first: usize,
  step: usize,
  m: u32,
  rows: u32,
  nextRow: usize,
  weights: usize,
  rowWeights: usize,
  nextWeights: usize,
  nextNumber: usize,
): void {
  let p0 = smallPixel(first, step, m);
  let p1 = smallPixel(first, step, m + 1);
  let p2 = smallPixel(first, step, m + 2);
  let p3 = smallPixel(first, step, m + 3);
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  for (let row: u32 = 0; row < rows; row++) {
    let w = weights;
    let s0 = p0;
    let s1 = p1;
    let s2 = p2;
    let s3 = p3;
    const end = w + rowWeights;
    while (w < end) {
      const v = v128.load(w);
      const u = v128.load(w, 16);
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
      s0 += nextNumber;
      s1 += nextNumber;
      s2 += nextNumber;
      s3 += nextNumber;
      w += channelBytes;
    }
    weights += nextWeights;
    p0 += nextRow;
    p1 += nextRow;
    p2 += nextRow;
    p3 += nextRow;
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

/** The address of a small pixel of the tile, counted from `first`; that of the first one for a pixel of zeros. */
// @ts-ignore: decorator
@inline
function smallPixel(first: usize, step: usize, index: u32): usize {
  return tilePixel(index).inside ? first + step * <usize>(pixel + index) : first;
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
