// The last dense layer of a training or validation step. From its logits Z = X W^T + bias it computes the network's output
// Y, the loss against the clean batch, the squared error as a picture, and the gradient of the loss with respect to Z.
//
//   layer        Layer
//   sweep        Sweep
//   parameters   W [outputs, inputs], bias [outputs]
//   activations  X [rows, inputs]; block 0, the network's input, for a residual output
//   cleanBatch   [rows, imageWords]               four bytes per word, or four f32: see SAMPLE_BITS
//   cursor       Cursor
//   gradients    dZ [rows, outputs]
//   partials     [outputs / 4, rowQuads, 2] quad  for 4 rows: sums of loss terms, of squared errors
//
// The loss is a mean over the step's samples and pixels, so dZ is divided by both; rows past the end of the sweep get 0.
// Y itself is not stored. Pictures are in [0, 1].
// Job: 32 rows x 32 outputs.
// Twin: shaders/dense_loss.*.wgsl. Reference: src/reference/dense-loss.ts
import { column, columns, denseProduct, row, rows } from "./lib/dense_product";
import { Layer, quadAt } from "./lib/layer";
import { logarithmOf, lossDerivatives, lossFactors, lossTerms } from "./lib/loss";
import { decodePixels } from "./lib/pixels";
import { block, blockStride, laneProducts, laneSums, rowScores } from "./lib/product";
import { maskRow, quads } from "./lib/rows";
import { decay, sigmoid } from "./lib/sigmoid";
import { Cursor, rowsInStep, Sweep } from "./lib/sweep";

/** ACTIVATION: 1 sigmoid, 2 linear, 3 residual; LOSS: see lib/loss.ts. */
export function dense_loss(
  first: u32,
  end: u32,
  across: u32,
  layer: Layer,
  sweep: Sweep,
  parameters: usize,
  activations: usize,
  cleanBatch: usize,
  cursor: Cursor,
  gradients: usize,
  partials: usize,
  SAMPLE_BITS: u32,
  CENTRE: f32,
  LOSS: u32,
  ACTIVATION: u32,
): void {
  const samples = rowsInStep(sweep, cursor.current);
  const stride = quads(layer.outputs);
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const mean: f32 = 1 / (<f32>samples * <f32>layer.outputs);
  for (let job = first; job < end; job++) {
    denseProduct(job, across, layer, parameters, activations);
    for (let i: u32 = 0; i < rows; i += 4) {
      for (let j: u32 = 0; j < columns; j++) {
        const quad = column + j;
        const bias = v128.load(quadAt(parameters, layer.biasOffset + quad));
        const inside = maskRow(one, quad, layer.outputs);
        // Four rows, each with its own terms, factors and errors, consecutive in memory.
        for (let k: u32 = 0; k < 4; k++) {
          const here = row + i + k;
          const z = f32x4.add(v128.load(block() + (i + k) * blockStride + 16 * j), bias);
          const cleanPlace = <usize>(here * sweep.imageWords + quad);
          const clean =
            SAMPLE_BITS === 8
              ? decodePixels(load<u32>(cleanBatch + 4 * cleanPlace))
              : v128.load(cleanBatch + 16 * cleanPlace);
          let decayed = zero;
          let y = z;
          let slope = one;
          if (ACTIVATION == 1) {
            decayed = decay(z);
            y = sigmoid(z, decayed);
            slope = f32x4.mul(y, f32x4.sub(one, y));
          } else if (ACTIVATION == 3) {
            const x = v128.load(quadAt(activations, here * sweep.imageWords + quad));
            y = f32x4.sub(f32x4.add(x, f32x4.splat(CENTRE)), z);
            slope = f32x4.splat(-1);
          }
          const scale = f32x4.mul(inside, f32x4.splat(here < samples ? mean : 0));
          v128.store(
            quadAt(gradients, layer.gradientOffset + here * stride + quad),
            f32x4.mul(scale, lossDerivatives(LOSS, y, slope, clean)),
          );
          const error = f32x4.sub(f32x4.max(zero, f32x4.min(one, y)), clean);
          const terms = rowScores() + 16 * k;
          v128.store(terms, f32x4.mul(inside, lossTerms(LOSS, z, y, clean)));
          v128.store(terms, lossFactors(LOSS, decayed, inside), 64);
          v128.store(terms, f32x4.mul(inside, f32x4.mul(error, error)), 128);
        }
        const scores = rowScores();
        const losses = f32x4.add(laneSums(scores), logarithmOf(LOSS, laneProducts(scores + 64)));
        const partial = quadAt(partials, 2 * (quad * layer.rowQuads + (row + i) / 4));
        v128.store(partial, losses);
        v128.store(partial, laneSums(scores + 128), 16);
      }
    }
  }
}
