// The last dense layer of a training or validation step. From its logits Z = X W^T + bias it computes the network's output
// Y, the loss against the clean batch, the squared error as a picture, and the gradient of the loss with respect to Z.
//
//   layer        uniform     Layer
//   sweep        uniform     Sweep
//   parameters   read        W [outputs, inputs], bias [outputs]
//   activations  read        X [rows, inputs]; block 0, the network's input, for a residual output
//   cleanBatch   read        [rows, imageWords]     four bytes per word, or four float32: see SAMPLE_BITS
//   cursor       read_write  Cursor
//   gradients    read_write  dZ [rows, outputs]
//   partials     read_write  [outputs / 4, rowQuads, 2] vec4f   for 4 rows: sums of loss terms, of squared errors
//
// The loss is a mean over the step's samples and pixels, so dZ is divided by both; rows past the end of the sweep get 0. Y
// itself is not stored. Pictures are in [0, 1].
// All variants of the product share this file.
// Reference: src/reference/dense-loss.ts
#include "rows.wgsl"
#include "layer.wgsl"
#include "sweep.wgsl"
#include "pixels.wgsl"
#include "centre.wgsl"
#include "sigmoid.wgsl"
#include "loss.wgsl"

// 1 sigmoid, 2 linear, 3 residual (src/kernels/dense.ts)
override ACTIVATION: u32 = 1u;

@group(0) @binding(0) var<uniform> layer: Layer;
@group(0) @binding(1) var<uniform> sweep: Sweep;
@group(0) @binding(2) var<storage, read> parameters: array<vec4f>;
@group(0) @binding(3) var<storage, read> activations: array<vec4f>;
@group(0) @binding(4) var<storage, read> cleanBatch: array<u32>;
@group(0) @binding(5) var<storage, read_write> cursor: Cursor;
@group(0) @binding(6) var<storage, read_write> gradients: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> partials: array<vec4f>;

// A quad of the clean batch.
fn cleanQuad(index: u32) -> vec4f {
  if (SAMPLE_BITS == 8u) { return decodePixels(cleanBatch[index]); }
  let first = 4u * index;
  return bitcast<vec4f>(vec4u(cleanBatch[first], cleanBatch[first + 1u], cleanBatch[first + 2u], cleanBatch[first + 3u]));
}

// One row of the tile: stores its gradient and returns (sum of loss terms, sum of squared errors).
fn scoreRow(z: vec4f, row: u32, column: u32, samples: u32) -> vec2f {
  let stride = quads(layer.outputs);
  let clean = cleanQuad(row * sweep.imageWords + column);
  var decayed = vec4f(0.0);
  var y = z;
  var slope = vec4f(1.0);
  switch (ACTIVATION) {
    case 2u: {}
    case 3u: {
      y = activations[row * sweep.imageWords + column] + CENTRE - z;
      slope = vec4f(-1.0);
    }
    default: {
      decayed = decay(z);
      y = sigmoid(z, decayed);
      slope = y * (1.0 - y);
    }
  }
  let error = saturate(y) - clean;
  let scale = select(0.0, 1.0 / (f32(samples) * f32(layer.outputs)), row < samples);
  let inside = maskRow(vec4f(1.0), column, layer.outputs);
  gradients[layer.gradientOffset + row * stride + column] = inside * scale * lossDerivatives(y, slope, clean);
  return vec2f(lossSum(z, decayed, y, clean, inside), dot(inside, error * error));
}

// Adds the bias to four rows of four outputs (each row is a column of the block) and scores them.
fn finishBlock(block: mat4x4f, rowQuad: u32, column: u32) {
  let samples = rowsInStep(sweep, cursor.current);
  let bias = parameters[layer.biasOffset + column];
  var z = block;
  var losses = vec4f();
  var errors = vec4f();
  for (var i = 0u; i < 4u; i++) {
    let score = scoreRow(z[i] + bias, 4u * rowQuad + i, column, samples);
    losses[i] = score.x;
    errors[i] = score.y;
  }
  let partial = 2u * (column * layer.rowQuads + rowQuad);
  partials[partial] = losses;
  partials[partial + 1u] = errors;
}
