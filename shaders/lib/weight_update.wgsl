// Ends a training step of a dense network: computes the gradient of every weight and bias of every layer and applies the
// optimizer's update, in one dispatch. For networks of convolutions see parameter_update.wgsl.
//   dW[o, i] = sum over b of dY[b, o] X[b, i];  dbias[o] = sum over b of dY[b, o]
//
//   layers       uniform     [16] Layer
//   sweep        uniform     Sweep
//   optimizer    uniform     Optimizer
//   activations  read        X of every layer
//   gradients    read        dY of every layer
//   partials     read        [imageWords, rowQuads, 2] vec4f   from dense_loss
//   rates        read        [steps] vec2f                     for each step of the sweep: see lib/optimizer.wgsl
//   parameters   read_write  W and bias of every layer
//   moments      read_write  [2] vec4f per quad of parameters  squared gradients, others: see lib/optimizer.wgsl
//   metrics      read_write  [count] vec2f                     (loss, mean squared error) in visiting order
//   cursor       read_write  Cursor
//
// The gradient is never written to memory. The invocations for a weight matrix's first columns read all of dY, so they
// update the bias too; workgroups past the last tile store the step's metrics. Each saves a dispatch.
// All variants of the product share this file.
// Reference: src/reference/weight-update.ts
#include "rows.wgsl"
#include "layer.wgsl"
#include "batch_metrics.wgsl"
#include "update.wgsl"

struct Layers {
  count: u32,
  tiles: u32,
  @align(16) layer: array<Layer, 16>,
}

@group(0) @binding(0) var<uniform> layers: Layers;
@group(0) @binding(1) var<uniform> sweep: Sweep;
@group(0) @binding(2) var<uniform> optimizer: Optimizer;
@group(0) @binding(3) var<storage, read> activations: array<vec4f>;
@group(0) @binding(4) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(5) var<storage, read> partials: array<vec4f>;
@group(0) @binding(6) var<storage, read> rates: array<vec2f>;
@group(0) @binding(7) var<storage, read_write> parameters: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> moments: array<Moments>;
@group(0) @binding(9) var<storage, read_write> metrics: array<vec2f>;
@group(0) @binding(10) var<storage, read_write> cursor: Cursor;

// The index of the weights from four inputs to an output.
fn weightRow(layer: Layer, output: u32, inputQuad: u32) -> u32 {
  return layer.weightOffset + output * quads(layer.inputs) + inputQuad;
}

// The sum over a block's columns, which are rows of the batch.
fn sumRows(block: mat4x4f) -> vec4f { return block * vec4f(1.0); }

// The layer that a tile of weights belongs to.
fn layerOf(tile: u32) -> Layer {
  var index = 0u;
  while (index + 1u < layers.count && tile >= layers.layer[index + 1u].firstTile) { index++; }
  return layers.layer[index];
}

// The position of a tile of 32 x 32 weights in its layer: (along the inputs, along the outputs).
fn tilePlace(layer: Layer, tile: u32) -> vec2u {
  let across = (layer.inputs + 31u) / 32u;
  return vec2u((tile - layer.firstTile) % across, (tile - layer.firstTile) / across);
}

// Four rows of the batch, for the workgroups past the last tile.
fn finishStep(rowQuad: u32) {
  if (rowQuad >= sweep.rowQuads) { return; }
  storeMetrics(rowQuad);
  if (rowQuad == 0u) { cursor.next = cursor.current + 1u; }
}
