// The last convolution of a training or validation step. From its logits Z it computes the network's output Y, the loss against the
// clean batch, the squared error as a picture, and the gradient of the loss with respect to Z.
//
//   layer        ConvLayer, with stride 1
//   blocks       PixelBlocks
//   sweep        Sweep
//   parameters   W, bias
//   activations  X, the big images; the network's input as pictures at 0, for a residual output
//   cleanBatch   [images, imageWords]       four bytes per word, or four f32: see SAMPLE_BITS
//   cursor       Cursor
//   gradients    dZ, the small images
//   partials     [parts, rowQuads, 2, 4]    for 4 images: sums of loss terms, of squared errors
//   counted      [images, imageWords]       four bytes per word: 1 for the values that count; see WEIGHT
//
// A part is 8 pixels of an image. With one channel, the pixels of a whole part are the lanes of vectors, otherwise the channels.
// The loss is a mean over the step's samples and values, so dZ is divided by both; images past the end of the sweep get 0. Y
// itself is not stored. Pictures are in [0, 1].
// Job: 4 parts of 4 images.
// Twin: shaders/conv_loss.*.wgsl. Reference: src/reference/conv-loss.ts
import { ConvLayer, placeTile, planePixels, tilePixel, tilePixels, tileQuads } from "./lib/conv_layer";
import { convProduct, convProductOfOne } from "./lib/conv_product";
import { quadAt } from "./lib/layer";
import { logarithmOf, lossDerivatives, lossFactors, lossTerms } from "./lib/loss";
import { PixelBlocks, planeChannels, valueOf } from "./lib/pixel_blocks";
import { decodePixels } from "./lib/pixels";
import { block, blockStride, laneProducts, laneSums, rowScores } from "./lib/product";
import { maskRow } from "./lib/rows";
import { decay, sigmoid } from "./lib/sigmoid";
import { Cursor, rowsInStep, Sweep } from "./lib/sweep";

/** ACTIVATION: 1 sigmoid, 2 linear, 3 residual; LOSS: see lib/loss.ts; WEIGHT: of the counted values, 0 if all count. */
export function conv_loss(
  first: u32,
  end: u32,
  across: u32,
  layer: ConvLayer,
  blocks: PixelBlocks,
  sweep: Sweep,
  parameters: usize,
  activations: usize,
  cleanBatch: usize,
  cursor: Cursor,
  gradients: usize,
  partials: usize,
  counted: usize,
  SAMPLE_BITS: u32,
  LOSS: u32,
  ACTIVATION: u32,
  WEIGHT: f32,
): void {
  const imagePixels = planePixels(1, layer.smallRows, layer.smallColumns);
  // Without the row of zeros.
  const shown = layer.smallRows * (layer.smallColumns + 1);
  const parts = (shown + tilePixels - 1) / tilePixels;
  const samples = rowsInStep(sweep, cursor.current);
  const weight: f32 = WEIGHT > 0 ? WEIGHT : 1;
  const mean: f32 = weight / (<f32>samples * <f32>sweep.pixels);
  const big = quadAt(activations, layer.bigOffset);
  for (let job = first; job < end; job++) {
    const firstPart: u32 = 4 * (job % across);
    const firstImage: u32 = 4 * (job / across);
    const lastImage = min(firstImage + 4, layer.images);
    const lastPart = min(firstPart + 4, parts);
    for (let image = firstImage; image < lastImage; image++) {
      const scale = f32x4.splat(image < samples ? mean : 0);
      const noisy = activations + 16 * <usize>(image * blocks.imageWords);
      const quadBytes: usize = SAMPLE_BITS === 8 ? 4 : 16;
      const clean = cleanBatch + quadBytes * <usize>(image * blocks.imageWords);
      const counts: usize = WEIGHT > 0 ? counted + 4 * <usize>(image * blocks.imageWords) : 0;
      for (let part = firstPart; part < lastPart; part++) {
        const pixel = image * imagePixels + tilePixels * part;
        const count = min(tilePixels, shown - tilePixels * part);
        const partial = partials + 4 * <usize>(8 * (part * sweep.rowQuads + image / 4) + (image % 4));
        let loss: f32 = 0;
        let error: f32 = 0;
        if (layer.smallChannels == 1 && count == tilePixels) {
          convProductOfOne(layer, parameters, big + 16 * <usize>pixel * <usize>layer.bigQuads);
          scorePart(layer, parameters, noisy, clean, counts, gradients, pixel, tilePixels * part, scale, SAMPLE_BITS, LOSS, ACTIVATION);
          const logarithms = logarithmOf(LOSS, v128.load(rowScores() + 64));
          store<f32>(partial, weight * sumLanes(f32x4.add(v128.load(rowScores()), logarithms)));
          store<f32>(partial, weight * sumLanes(v128.load(rowScores() + 128)), 16);
          continue;
        }
        placeTile(layer, pixel);
        for (let quad: u32 = 0; quad < layer.smallQuads; quad += tileQuads) {
          const quads = min(tileQuads, layer.smallQuads - quad);
          convProduct(layer, parameters, big, quad, quad + quads);
          for (let n: u32 = 0; n < quads; n++) {
            for (let m: u32 = 0; m < tilePixels; m += 4) {
              if (m >= count) break;
              scorePixels(layer, blocks, parameters, noisy, clean, counts, gradients, pixel, m, min(m + 4, count), quad + n, n, scale, SAMPLE_BITS, LOSS, ACTIVATION);
              loss += sumLanes(
                f32x4.add(laneSums(rowScores()), logarithmOf(LOSS, laneProducts(rowScores() + 64))),
              );
              error += sumLanes(laneSums(rowScores() + 128));
            }
          }
        }
        store<f32>(partial, weight * loss);
        store<f32>(partial, weight * error, 16);
      }
    }
  }
}

/** Four bytes, 0 or 1, as numbers. */
// @ts-ignore: decorator
@inline
function countsOf(word: u32): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(i32x4.splat(word))));
}

/** A value of a clean image. */
// @ts-ignore: decorator
@inline
function cleanValue(image: usize, value: u32, SAMPLE_BITS: u32): f32 {
  if (SAMPLE_BITS === 8) return <f32>load<u8>(image + value) * <f32>(1.0 / 255.0);
  return load<f32>(image + 4 * <usize>value);
}

/**
 * Stores the gradients of a quad of channels of up to four pixels of the tile, `from` up to, not including, `to`, and writes the
 * terms, factors and errors of each to the scores. `n` is the quad's place in the block.
 */
function scorePixels(
  layer: ConvLayer,
  blocks: PixelBlocks,
  parameters: usize,
  noisy: usize,
  cleanImage: usize,
  counts: usize,
  gradients: usize,
  pixel: u32,
  from: u32,
  to: u32,
  quad: u32,
  n: u32,
  scale: v128,
  SAMPLE_BITS: u32,
  LOSS: u32,
  ACTIVATION: u32,
): void {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const channels = planeChannels(blocks);
  const all = maskRow(one, quad, channels);
  const bias = v128.load(quadAt(parameters, layer.biasOffset + quad));
  const lanes = min<u32>(4, channels - 4 * quad);
  for (let m = from; m < from + 4; m++) {
    const terms = rowScores() + 16 * <usize>(m - from);
    const place = tilePixel(m);
    if (m >= to || !place.inside) {
      v128.store(terms, zero);
      v128.store(terms, one, 64);
      v128.store(terms, zero, 128);
      continue;
    }
    // The numbers are gathered where the terms are stored afterwards.
    v128.store(terms, zero);
    v128.store(terms, zero, 64);
    v128.store(terms, all, 128);
    for (let lane: u32 = 0; lane < lanes; lane++) {
      const value = valueOf(blocks, place.row, place.column, 4 * quad + lane);
      store<f32>(terms + 4 * lane, cleanValue(cleanImage, value, SAMPLE_BITS));
      if (ACTIVATION == 3) store<f32>(terms + 4 * lane, load<f32>(noisy + 4 * <usize>value), 64);
      if (counts !== 0) store<f32>(terms + 4 * lane, <f32>load<u8>(counts + value), 128);
    }
    const inside = v128.load(terms, 128);
    const z = f32x4.add(v128.load(block() + m * blockStride + 16 * <usize>n), bias);
    const gradient = score(terms, z, v128.load(terms), v128.load(terms, 64), inside, scale, LOSS, ACTIVATION);
    v128.store(quadAt(gradients, layer.smallGradient + (pixel + m) * layer.smallQuads + quad), gradient);
  }
}

/**
 * Stores the gradients of the only channel of the part's eight pixels, and writes the sums of their terms and errors and the products
 * of their factors, four pixels in the lanes, to the scores. `start` is the first pixel's number in the image.
 */
function scorePart(
  layer: ConvLayer,
  parameters: usize,
  noisy: usize,
  cleanImage: usize,
  counts: usize,
  gradients: usize,
  pixel: u32,
  start: u32,
  scale: v128,
  SAMPLE_BITS: u32,
  LOSS: u32,
  ACTIVATION: u32,
): void {
  const columns = layer.smallColumns;
  const bias = v128.load32_splat(quadAt(parameters, layer.biasOffset));
  const zero = f32x4.splat(0);
  let row = start / (columns + 1);
  let column = start - row * (columns + 1);
  for (let m: u32 = 0; m < tilePixels; m += 4) {
    const scores = rowScores() + 4 * <usize>m;
    let inside = f32x4.splat(1);
    let clean: v128;
    let x = zero;
    if (column + 4 <= columns) {
      const value = row * columns + column;
      clean = SAMPLE_BITS === 8 ? decodePixels(load<u32>(cleanImage + value)) : v128.load(cleanImage + 4 * <usize>value);
      if (ACTIVATION == 3) x = v128.load(noisy + 4 * <usize>value);
      if (counts !== 0) inside = countsOf(load<u32>(counts + value));
      column += 4;
    } else {
      // The pixel of zeros behind a row is among these.
      for (let lane: usize = 0; lane < 4; lane++) {
        const shown = column < columns;
        const value = shown ? row * columns + column : 0;
        store<f32>(scores + 4 * lane, shown ? (counts === 0 ? 1 : <f32>load<u8>(counts + value)) : 0);
        store<f32>(scores + 4 * lane, cleanValue(cleanImage, value, SAMPLE_BITS), 64);
        if (ACTIVATION == 3) store<f32>(scores + 4 * lane, load<f32>(noisy + 4 * <usize>value), 128);
        column = shown ? column + 1 : 0;
        row += shown ? 0 : 1;
      }
      inside = v128.load(scores);
      clean = v128.load(scores, 64);
      if (ACTIVATION == 3) x = v128.load(scores, 128);
    }
    const z = f32x4.add(v128.load(block() + 4 * <usize>m), bias);
    const gradient = score(scores, z, clean, x, inside, scale, LOSS, ACTIVATION);
    const place = quadAt(gradients, layer.smallGradient + pixel + m);
    v128.store(place, v128.shuffle<f32>(gradient, zero, 0, 4, 5, 6));
    v128.store(place, v128.shuffle<f32>(gradient, zero, 1, 4, 5, 6), 16);
    v128.store(place, v128.shuffle<f32>(gradient, zero, 2, 4, 5, 6), 32);
    v128.store(place, v128.shuffle<f32>(gradient, zero, 3, 4, 5, 6), 48);
  }
  const sums = rowScores();
  v128.store(sums, f32x4.add(v128.load(sums), v128.load(sums, 16)));
  v128.store(sums, f32x4.mul(v128.load(sums, 64), v128.load(sums, 80)), 64);
  v128.store(sums, f32x4.add(v128.load(sums, 128), v128.load(sums, 144)), 128);
}

/**
 * The gradients of four values with logits z, network input x, and `inside` 1 or 0. Writes their terms to `scores`, their factors 64
 * bytes behind and their errors 128 bytes behind.
 */
// @ts-ignore: decorator
@inline
function score(
  scores: usize,
  z: v128,
  clean: v128,
  x: v128,
  inside: v128,
  scale: v128,
  LOSS: u32,
  ACTIVATION: u32,
): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  let decayed = zero;
  let y = z;
  let slope = one;
  if (ACTIVATION == 1) {
    decayed = decay(z);
    y = sigmoid(z, decayed);
    slope = f32x4.mul(y, f32x4.sub(one, y));
  } else if (ACTIVATION == 3) {
    y = f32x4.sub(x, z);
    slope = f32x4.splat(-1);
  }
  const error = f32x4.sub(f32x4.max(zero, f32x4.min(one, y)), clean);
  v128.store(scores, f32x4.mul(inside, lossTerms(LOSS, z, y, clean)));
  v128.store(scores, lossFactors(LOSS, decayed, inside), 64);
  v128.store(scores, f32x4.mul(inside, f32x4.mul(error, error)), 128);
  return f32x4.mul(f32x4.mul(inside, scale), lossDerivatives(LOSS, y, slope, clean));
}

/** The sum of the lanes of a vector. */
// @ts-ignore: decorator
@inline
function sumLanes(vector: v128): f32 {
  const pairs = f32x4.add(vector, v128.shuffle<f32>(vector, vector, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}
