// Dense layer, backward: the gradient by its input, through the ReLU that made that input:
// dX[b, i] = (sum over o of dY[b, o] W[o, i]) if X[b, i] > 0, else 0.
//
//   layer        uniform     Layer
//   parameters   read        W [outputs, inputs]
//   activations  read        X [rows, inputs], the ReLU's output
//   gradients    read_write  dY [rows, outputs], dX [rows, inputs]
//
// Runs before this layer's weights are updated: dX is by the W that made the loss.
// Dispatch: one invocation for 4 rows x 4 inputs: (quads(inputs), rowQuads).
// Reference: src/reference/dense-backward.ts
#include "lib/rows.wgsl"
#include "lib/layer.wgsl"

@group(0) @binding(0) var<uniform> layer: Layer;
@group(0) @binding(1) var<storage, read> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read> activations: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> gradients: array<vec4f>;

fn storeRow(gradient: vec4f, row: u32, column: u32) {
  let x = activations[layer.inputOffset + row * rowStride(layer.inputs) + column];
  let throughRelu = select(vec4f(0.0), gradient, x > vec4f(0.0));
  gradients[layer.inputGradientOffset + row * quads(layer.inputs) + column] =
    maskRow(throughRelu, column, layer.inputs);
}

@compute @workgroup_size(8, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  if (column >= quads(layer.inputs) || id.y >= layer.rowQuads) { return; }
  let weightStride = rowStride(layer.inputs);
  let stride = quads(layer.outputs);
  let row = 4u * id.y;
  let dy = layer.gradientOffset + row * stride;
  var w = layer.weightOffset + column;
  var row0 = vec4f(0.0);
  var row1 = vec4f(0.0);
  var row2 = vec4f(0.0);
  var row3 = vec4f(0.0);
  // Four outputs at a time: M * v adds M's columns, four rows of W, weighted by v.
  for (var k = 0u; k < stride; k++) {
    let weights = mat4x4f(
      parameters[w],
      parameters[w + weightStride],
      parameters[w + 2u * weightStride],
      parameters[w + 3u * weightStride],
    );
    row0 += weights * gradients[dy + k];
    row1 += weights * gradients[dy + k + stride];
    row2 += weights * gradients[dy + k + 2u * stride];
    row3 += weights * gradients[dy + k + 3u * stride];
    w += 4u * weightStride;
  }
  storeRow(row0, row, column);
  storeRow(row1, row + 1u, column);
  storeRow(row2, row + 2u, column);
  storeRow(row3, row + 3u, column);
}
