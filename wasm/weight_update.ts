// Ends a training step of a dense network: computes the gradient of every weight and bias of every layer and applies the
// optimizer's update, in one launch. For networks of convolutions see parameter_update.ts.
//   dW[o, i] = sum over b of dY[b, o] X[b, i];  dbias[o] = sum over b of dY[b, o]
//
//   layers       [16] Layer, after their number and the number of all tiles
//   sweep        Sweep
//   optimizer    Optimizer
//   activations  X of every layer
//   gradients    dY of every layer
//   partials     [imageWords, rowQuads, 2] quad   from dense_loss
//   rates        [steps] two numbers              for each step of the sweep: see lib/optimizer.ts
//   parameters   W and bias of every layer
//   moments      [2] quads per quad of parameters squared gradients, others: see lib/optimizer.ts
//   metrics      [count] two numbers              (loss, mean squared error) in visiting order
//   cursor       Cursor
//
// The gradient is never written to memory beyond a block. The tiles of a weight matrix's first columns update the bias too;
// the jobs past the last tile store the step's metrics.
// Job: 32 x 32 weights; then 64 rows of the batch.
// Twin: shaders/weight_update.*.wgsl. Reference: src/reference/weight-update.ts
import { storeMetrics } from "./lib/batch_metrics";
import { Layer, layerBytes, quadAt } from "./lib/layer";
import { Optimizer, optimize } from "./lib/optimizer";
import { addProduct, block, blockSide, blockStride, clearBlock } from "./lib/product";
import { quads } from "./lib/rows";
import { Cursor, Sweep } from "./lib/sweep";

/** Groups of four rows per job that stores metrics. */
const metricsQuads: u32 = 16;

/** The offset of the first layer. */
const firstLayer: usize = 16;

export function weight_update(
  first: u32,
  end: u32,
  across: u32,
  layers: usize,
  sweep: Sweep,
  optimizer: Optimizer,
  activations: usize,
  gradients: usize,
  partials: usize,
  rates: usize,
  parameters: usize,
  moments: usize,
  metrics: usize,
  cursor: Cursor,
  OPTIMIZER: u32,
): void {
  const tiles = load<u32>(layers, 4);
  const step = cursor.current;
  const rate = v128.load32_splat(rates + 8 * <usize>step);
  const correction = v128.load32_splat(rates + 8 * <usize>step, 4);
  const infinity = i32x4.splat(0x7f800000);
  let unsound = i32x4.splat(0);
  for (let job = first; job < end; job++) {
    if (job >= tiles) {
      const rowQuad = (job - tiles) * metricsQuads;
      const last = min(rowQuad + metricsQuads, sweep.rowQuads);
      for (let quad = rowQuad; quad < last; quad++) storeMetrics(quad, sweep, cursor, partials, metrics);
      if (rowQuad == 0) cursor.next = step + 1;
      continue;
    }
    const layer = layerOf(layers, job);
    const stride = quads(layer.inputs);
    const tilesAcross = (layer.inputs + 31) / 32;
    const tile = job - layer.firstTile;
    const input = (tile % tilesAcross) * (blockSide / 4);
    const output = (tile / tilesAcross) * blockSide;
    const inputs = min(blockSide / 4, stride - input);
    const outputs = min(blockSide, 4 * quads(layer.outputs) - output);
    const dyStride = 16 * <usize>quads(layer.outputs);
    const dy = quadAt(gradients, layer.gradientOffset) + 4 * <usize>output;
    const x = quadAt(activations, layer.inputOffset + input);
    clearBlock();
    addProduct(dy, 4, dyStride, x, 16 * <usize>stride, 4 * layer.rowQuads, outputs, 4 * inputs);
    for (let o: u32 = 0; o < outputs; o++) {
      let index = layer.weightOffset + (output + o) * stride + input;
      const row = block() + o * blockStride;
      for (let i: u32 = 0; i < inputs; i++, index++) {
        const weight = optimize(
          OPTIMIZER,
          optimizer,
          rate,
          correction,
          quadAt(parameters, index),
          quadAt(moments, 2 * index),
          v128.load(row + 16 * i),
        );
        unsound = v128.or(unsound, i32x4.eq(v128.and(weight, infinity), infinity));
      }
    }
    if (input > 0) continue;
    for (let quad: u32 = 0; quad < outputs / 4; quad++) {
      const index = layer.biasOffset + output / 4 + quad;
      const weight = optimize(
        OPTIMIZER,
        optimizer,
        rate,
        correction,
        quadAt(parameters, index),
        quadAt(moments, 2 * index),
        sumOfRows(dy + 16 * quad, dyStride, 4 * layer.rowQuads),
      );
      unsound = v128.or(unsound, i32x4.eq(v128.and(weight, infinity), infinity));
    }
  }
  // All threads that write it in a launch write the same step.
  if (v128.any_true(unsound) && step < cursor.trouble) cursor.trouble = step;
}

/** The sum of a quad over rows of the batch. */
function sumOfRows(quad: usize, stride: usize, rows: u32): v128 {
  let sum = f32x4.splat(0);
  for (let row: u32 = 0; row < rows; row++) {
    sum = f32x4.add(sum, v128.load(quad));
    quad += stride;
  }
  return sum;
}

/** The layer that a tile of weights belongs to. */
function layerOf(layers: usize, tile: u32): Layer {
  const count = load<u32>(layers);
  let layer = layers + firstLayer;
  for (let index: u32 = 1; index < count; index++) {
    const next = layer + layerBytes;
    if (tile < changetype<Layer>(next).firstTile) break;
    layer = next;
  }
  return changetype<Layer>(layer);
}
