// Dense layer, forward: Y[b, o] = activation(sum over i of X[b, i] W[o, i] + bias[o]).
//
//   layer        uniform     Layer
//   parameters   read        W [outputs, inputs], the bias in column `inputs`
//   activations  read_write  X [rows, inputs], Y [rows, outputs], a constant 1 behind each row
//
// The bias has no code of its own: it is the weight of the 1 behind each row of X, and this kernel puts the same 1 behind
// each row of Y for the next layer.
// Dispatch: one invocation for 4 rows x 4 outputs: (rowStride(outputs), rowQuads). No barriers, all loads vec4f.
// Reference: src/reference/dense-forward.ts
#include "lib/layer_product.wgsl"
#include "lib/sigmoid.wgsl"

// 0 ReLU, 1 sigmoid (src/kernels/uniforms.ts)
override ACTIVATION: u32 = 0u;

@group(0) @binding(0) var<uniform> layer: Layer;
@group(0) @binding(1) var<storage, read> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> activations: array<vec4f>;

fn activate(z: vec4f) -> vec4f {
  switch (ACTIVATION) {
    case 1u: { return sigmoid(z); }
    default: { return max(z, vec4f(0.0)); }
  }
}

@compute @workgroup_size(8, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  let stride = rowStride(layer.outputs);
  if (column >= stride || id.y >= layer.rowQuads) { return; }
  var z = Tile(vec4f(0.0), vec4f(0.0), vec4f(0.0), vec4f(0.0));
  // A last quad may hold nothing but the constant 1.
  if (column < quads(layer.outputs)) { z = layerProduct(layer, id.y, column); }
  let y = layer.outputOffset + 4u * id.y * stride + column;
  activations[y] = finishRow(activate(z.row0), column, layer.outputs);
  activations[y + stride] = finishRow(activate(z.row1), column, layer.outputs);
  activations[y + 2u * stride] = finishRow(activate(z.row2), column, layer.outputs);
  activations[y + 3u * stride] = finishRow(activate(z.row3), column, layer.outputs);
}
