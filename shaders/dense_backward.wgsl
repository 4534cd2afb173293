// Dense layer, backward: the gradient by its input, through the ReLU that made that input:
// dX[b, i] = (sum over o of dY[b, o] W[o, i]) if X[b, i] > 0, else 0.
//
//   layer        uniform     Layer
//   parameters   read        W [outputs, inputs]
//   activations  read        X [rows, inputs], the ReLU's output
//   gradients    read_write  dY [rows, outputs], dX [rows, inputs]
//
// Runs before this layer's weights are updated: dX is by the W that made the loss.
// Dispatch: one invocation for 8 rows x 8 inputs: (quads(inputs) / 2, rowQuads / 2).
// Reference: src/reference/dense-backward.ts
#include "lib/rows.wgsl"
#include "lib/layer.wgsl"

@group(0) @binding(0) var<uniform> layer: Layer;
@group(0) @binding(1) var<storage, read> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read> activations: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> gradients: array<vec4f>;

// Four numbers of each of four rows of dY, a row a column.
fn gradientRows(index: u32, stride: u32) -> mat4x4f {
  return mat4x4f(
    gradients[index],
    gradients[index + stride],
    gradients[index + 2u * stride],
    gradients[index + 3u * stride],
  );
}

// Four numbers of each of four rows of W, a row a column.
fn weightRows(index: u32, stride: u32) -> mat4x4f {
  return mat4x4f(
    parameters[index],
    parameters[index + stride],
    parameters[index + 2u * stride],
    parameters[index + 3u * stride],
  );
}

fn storeRow(gradient: vec4f, row: u32, column: u32) {
  let place = row * quads(layer.inputs) + column;
  let x = activations[layer.inputOffset + place];
  // Behind the end of a row X is 0, and so is dX.
  gradients[layer.inputGradientOffset + place] = select(vec4f(0.0), gradient, x > vec4f(0.0));
}

fn storeBlock(dx: mat4x4f, rowQuad: u32, column: u32) {
  storeRow(dx[0], 4u * rowQuad, column);
  storeRow(dx[1], 4u * rowQuad + 1u, column);
  storeRow(dx[2], 4u * rowQuad + 2u, column);
  storeRow(dx[3], 4u * rowQuad + 3u, column);
}

@compute @workgroup_size(4, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let columns = pair(id.x, quads(layer.inputs));
  let rowQuads = pair(id.y, layer.rowQuads);
  if (columns.x >= quads(layer.inputs) || rowQuads.x >= layer.rowQuads) { return; }
  let stride = quads(layer.outputs);
  let weightStride = quads(layer.inputs);
  let dy = layer.gradientOffset + 4u * stride * rowQuads;
  var w = layer.weightOffset + columns;
  var dx00 = mat4x4f();
  var dx01 = mat4x4f();
  var dx10 = mat4x4f();
  var dx11 = mat4x4f();
  for (var k = 0u; k < stride; k++) {
    let dy0 = gradientRows(dy.x + k, stride);
    let dy1 = gradientRows(dy.y + k, stride);
    let w0 = weightRows(w.x, weightStride);
    dx00 += w0 * dy0;
    dx10 += w0 * dy1;
    let w1 = weightRows(w.y, weightStride);
    dx01 += w1 * dy0;
    dx11 += w1 * dy1;
    w += 4u * weightStride;
  }
  storeBlock(dx00, rowQuads.x, columns.x);
  storeBlock(dx01, rowQuads.x, columns.y);
  storeBlock(dx10, rowQuads.y, columns.x);
  storeBlock(dx11, rowQuads.y, columns.y);
}
