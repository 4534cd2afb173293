// The last convolution of a training or validation step. From its logits Z it computes the network's output Y, the loss against the
// clean batch, the squared error as a picture, and the gradient of the loss with respect to Z.
//
//   layer        ConvLayer, with stride 1
//   blocks       PixelBlocks
//   sweep        Sweep
//   parameters   W, bias
//   activations  X, the big images; the network's input as pictures at 0, for a residual output
//   cleanBatch   [images, imageWords]       four bytes per word
//   cursor       Cursor
//   gradients    dZ, the small images
//   partials     [parts, rowQuads, 2, 4]    for 4 images: sums of loss terms, of squared errors
//
// A part is 8 pixels of an image. The loss is a mean over the step's samples and values, so dZ is divided by both; images past the
// end of the sweep get 0. Y itself is not stored. Pictures are in [0, 1].
// Job: 4 parts of 4 images.
// Twin: shaders/conv_loss.*.wgsl. Reference: src/reference/conv-loss.ts
import { ConvLayer, placeTile, planePixels, tilePixel, tilePixels, tileQuads } from "./lib/conv_layer";
import { convProduct } from "./lib/conv_product";
import { quadAt } from "./lib/layer";
import { logarithmOf, lossDerivatives, lossFactors, lossTerms } from "./lib/loss";
import { PixelBlocks, planeChannels, valueOf } from "./lib/pixel_blocks";
import { block, blockStride, laneProducts, laneSums, rowScores } from "./lib/product";
import { maskRow } from "./lib/rows";
import { decay, sigmoid } from "./lib/sigmoid";
import { Cursor, rowsInStep, Sweep } from "./lib/sweep";

/** ACTIVATION: 1 sigmoid, 2 linear, 3 residual; LOSS: see lib/loss.ts. */
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
  LOSS: u32,
  ACTIVATION: u32,
): void {
  const imagePixels = planePixels(1, layer.smallRows, layer.smallColumns);
  // Without the row of zeros.
  const shown = layer.smallRows * (layer.smallColumns + 1);
  const parts = (shown + tilePixels - 1) / tilePixels;
  const samples = rowsInStep(sweep, cursor.current);
  const mean: f32 = 1 / (<f32>samples * <f32>sweep.pixels);
  const big = quadAt(activations, layer.bigOffset);
  for (let job = first; job < end; job++) {
    const firstPart: u32 = 4 * (job % across);
    const firstImage: u32 = 4 * (job / across);
    const lastImage = min(firstImage + 4, layer.images);
    const lastPart = min(firstPart + 4, parts);
    for (let image = firstImage; image < lastImage; image++) {
      const scale = f32x4.splat(image < samples ? mean : 0);
      const noisy = activations + 16 * <usize>(image * blocks.imageWords);
      const clean = cleanBatch + 4 * <usize>(image * blocks.imageWords);
      for (let part = firstPart; part < lastPart; part++) {
        const pixel = image * imagePixels + tilePixels * part;
        placeTile(layer, pixel);
        const count = min(tilePixels, shown - tilePixels * part);
        let loss: f32 = 0;
        let error: f32 = 0;
        for (let quad: u32 = 0; quad < layer.smallQuads; quad += tileQuads) {
          const quads = min(tileQuads, layer.smallQuads - quad);
          convProduct(layer, parameters, big, quad, quad + quads);
          for (let n: u32 = 0; n < quads; n++) {
            for (let m: u32 = 0; m < tilePixels; m += 4) {
              if (m >= count) break;
              scorePixels(layer, blocks, parameters, noisy, clean, gradients, pixel, m, min(m + 4, count), quad + n, n, scale, LOSS, ACTIVATION);
              loss += sumLanes(
                f32x4.add(laneSums(rowScores()), logarithmOf(LOSS, laneProducts(rowScores() + 64))),
              );
              error += sumLanes(laneSums(rowScores() + 128));
            }
          }
        }
        const partial = partials + 4 * <usize>(8 * (part * sweep.rowQuads + image / 4) + (image % 4));
        store<f32>(partial, loss);
        store<f32>(partial, error, 16);
      }
    }
  }
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
  cleanBytes: usize,
  gradients: usize,
  pixel: u32,
  from: u32,
  to: u32,
  quad: u32,
  n: u32,
  scale: v128,
  LOSS: u32,
  ACTIVATION: u32,
): void {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const channels = planeChannels(blocks);
  const inside = maskRow(one, quad, channels);
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
    for (let lane: u32 = 0; lane < lanes; lane++) {
      const value = valueOf(blocks, place.row, place.column, 4 * quad + lane);
      store<f32>(terms + 4 * lane, <f32>load<u8>(cleanBytes + value) * <f32>(1.0 / 255.0));
      if (ACTIVATION == 3) store<f32>(terms + 4 * lane, load<f32>(noisy + 4 * <usize>value), 64);
    }
    const clean = v128.load(terms);
    const z = f32x4.add(v128.load(block() + m * blockStride + 16 * <usize>n), bias);
    let decayed = zero;
    let y = z;
    let slope = one;
    if (ACTIVATION == 1) {
      decayed = decay(z);
      y = sigmoid(z, decayed);
      slope = f32x4.mul(y, f32x4.sub(one, y));
    } else if (ACTIVATION == 3) {
      y = f32x4.sub(v128.load(terms, 64), z);
      slope = f32x4.splat(-1);
    }
    v128.store(
      quadAt(gradients, layer.smallGradient + (pixel + m) * layer.smallQuads + quad),
      f32x4.mul(f32x4.mul(inside, scale), lossDerivatives(LOSS, y, slope, clean)),
    );
    const error = f32x4.sub(f32x4.max(zero, f32x4.min(one, y)), clean);
    v128.store(terms, f32x4.mul(inside, lossTerms(LOSS, z, y, clean)));
    v128.store(terms, lossFactors(LOSS, decayed, inside), 64);
    v128.store(terms, f32x4.mul(inside, f32x4.mul(error, error)), 128);
  }
}

/** The sum of the lanes of a vector. */
// @ts-ignore: decorator
@inline
function sumLanes(vector: v128): f32 {
  const pairs = f32x4.add(vector, v128.shuffle<f32>(vector, vector, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}
