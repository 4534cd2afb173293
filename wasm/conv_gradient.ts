// The gradient of a convolution's weights and biases, as sums over parts of the pixels:
//   dW[o, j, k, i] = sum over s of small[s, o] big[stride s + (j, k) - 1, i];  dbias = the sum of dY over its pixels
// In a convolution the big images are its input X and the small ones dY; in a transposed one it is the other way round.
//
//   layer        ConvLayer
//   activations  X
//   gradients    dY
//   parts        [splits, parameters]   dW and dbias of each split of the pixels, at the places of W and bias
//
// Job: for a row of taps and a split, 8 quads of (tap, big channel) x 8 quads of small channels; or the bias.
// Twin: shaders/conv_gradient.*.wgsl. Reference: src/reference/conv-gradient.ts
import { ConvLayer, pixelAt, planePixels } from "./lib/conv_layer";
import { quadAt } from "./lib/layer";
import { addProduct, block, blockStride, clearBlock } from "./lib/product";

/** UP: 1 for a transposed convolution. */
export function conv_gradient(
  first: u32,
  end: u32,
  across: u32,
  layer: ConvLayer,
  activations: usize,
  gradients: usize,
  parts: usize,
  UP: u32,
): void {
  const big = UP ? quadAt(gradients, layer.bigGradient) : quadAt(activations, layer.bigOffset);
  const small = UP ? quadAt(activations, layer.smallOffset) : quadAt(gradients, layer.smallGradient);
  const steps = 3 * layer.bigQuads;
  const groups = (steps + 7) / 8;
  const down = (layer.smallQuads + 7) / 8;
  const pixels = planePixels(layer.images, layer.smallRows, layer.smallColumns);
  for (let job = first; job < end; job++) {
    const column = job % across;
    const split = job / across / down;
    const rowGroup = (job / across) % down;
    const part = quadAt(parts, split * layer.parameterQuads);
    if (column == 3 * groups) {
      if (UP) {
        const bigPixels = planePixels(layer.images, layer.bigRows, layer.bigColumns);
        sumBias(layer, part, split, rowGroup, down, big, bigPixels, layer.bigQuads);
      } else {
        sumBias(layer, part, split, rowGroup, down, small, pixels, layer.smallQuads);
      }
      continue;
    }
    const tapRow = column / groups;
    const quad: u32 = 8 * (column % groups);
    const quads = min<u32>(8, steps - quad);
    const rows = min<u32>(32, 4 * layer.smallQuads - 32 * rowGroup);
    const line = big + 16 * <usize>(tapRow * (layer.bigColumns + 1) * layer.bigQuads + quad);
    clearBlock();
    // The padding of a quad of channels is zero, and so are its sums.
    const summed = min(rows, 2 * ((layer.smallChannels + 1) / 2) - 32 * rowGroup);
    addPixels(layer, line, small + 128 * <usize>rowGroup, split, pixels, summed, 4 * quads);
    for (let o: u32 = 0; o < rows; o++) {
      const row = (3 * (32 * rowGroup + o) + tapRow) * steps + quad;
      const to = quadAt(part, layer.weightOffset + row);
      for (let i: u32 = 0; i < quads; i++) {
        v128.store(to + 16 * <usize>i, v128.load(block() + o * blockStride + 16 * <usize>i));
      }
    }
  }
}

/** The pixels of a split: multiples of 4. */
// @ts-ignore: decorator
@inline
function splitPixels(layer: ConvLayer, pixels: u32): u32 {
  return 4 * ((pixels + 4 * layer.splits - 1) / (4 * layer.splits));
}

/** Adds the products of a split's pixels to the block. */
function addPixels(
  layer: ConvLayer,
  big: usize,
  small: usize,
  split: u32,
  pixels: u32,
  rows: u32,
  columns: u32,
): void {
  const count = splitPixels(layer, pixels);
  const end = min(pixels, (split + 1) * count);
  const smallStep = 16 * <usize>layer.smallQuads;
  const bigStep = 16 * <usize>(layer.stride * layer.bigQuads);
  const back = 16 * <usize>((layer.bigColumns + 2) * layer.bigQuads);
  if (layer.stride == 1) {
    // Both images have the same pixels. Those of zeros add nothing.
    const pixel = split * count;
    if (pixel >= end) return;
    const from = big + bigStep * pixel - back;
    addProduct(small + smallStep * pixel, 4, smallStep, from, bigStep, end - pixel, rows, columns);
    return;
  }
  const pitch = layer.smallColumns + 1;
  for (let pixel = split * count; pixel < end; ) {
    const line = pixel / pitch;
    const column = pixel - line * pitch;
    const image = line / (layer.smallRows + 1);
    const row = line - image * (layer.smallRows + 1);
    const next = min(end, pixel + pitch - column);
    const inRow = min(next - pixel, layer.smallColumns - min(column, layer.smallColumns));
    if (row < layer.smallRows && inRow > 0) {
      const place = pixelAt(image, 2 * row, 2 * column, layer.bigRows, layer.bigColumns);
      const from = big + 16 * <usize>(place * layer.bigQuads) - back;
      addProduct(small + smallStep * pixel, 4, smallStep, from, bigStep, inRow, rows, columns);
    }
    pixel = next;
  }
}

/** Stores the sums over a split of every `down`-th group of four quads of dY. */
function sumBias(
  layer: ConvLayer,
  part: usize,
  split: u32,
  rowGroup: u32,
  down: u32,
  dy: usize,
  pixels: u32,
  quads: u32,
): void {
  const count = splitPixels(layer, pixels);
  const end = min(pixels, (split + 1) * count);
  for (let quad: u32 = 0; quad < quads; quad++) {
    if ((quad / 16) % down != rowGroup) continue;
    let sum = f32x4.splat(0);
    for (let pixel = split * count; pixel < end; pixel++) {
      sum = f32x4.add(sum, v128.load(dy + 16 * <usize>(pixel * quads + quad)));
    }
    v128.store(quadAt(part, layer.biasOffset + quad), sum);
  }
}
