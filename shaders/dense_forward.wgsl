// Dense layer, forward: Y[b, o] = activation(sum over i of X[b, i] W[o, i] + bias[o]).
//
//   layer        uniform     Layer
//   parameters   read        W [outputs, inputs], bias [outputs]
//   activations  read_write  X [rows, inputs], Y [rows, outputs]
//
// At an odd end a tile does its last quad twice and stores the same numbers twice, which is cheaper than asking.
// Dispatch: one invocation for 8 rows x 8 outputs: (quads(outputs) / 2, rowQuads / 2). No barriers, all loads vec4f.
// Reference: src/reference/dense-forward.ts
#include "lib/dense_product.wgsl"
#include "lib/sigmoid.wgsl"

// 0 ReLU, 1 sigmoid (src/kernels/uniforms.ts)
override ACTIVATION: u32 = 0u;

@group(0) @binding(0) var<uniform> layer: Layer;
@group(0) @binding(1) var<storage, read> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> activations: array<vec4f>;

fn activate(z: vec4f) -> vec4f {
  switch (ACTIVATION) {
    case 1u: { return sigmoid(z, decay(z)); }
    default: { return max(z, vec4f(0.0)); }
  }
}

fn storeBlock(z: mat4x4f, rowQuad: u32, column: u32) {
  let stride = quads(layer.outputs);
  let y = layer.outputOffset + 4u * rowQuad * stride + column;
  activations[y] = maskRow(activate(z[0]), column, layer.outputs);
  activations[y + stride] = maskRow(activate(z[1]), column, layer.outputs);
  activations[y + 2u * stride] = maskRow(activate(z[2]), column, layer.outputs);
  activations[y + 3u * stride] = maskRow(activate(z[3]), column, layer.outputs);
}

@compute @workgroup_size(4, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let columns = pair(id.x, quads(layer.outputs));
  let rowQuads = pair(id.y, layer.rowQuads);
  if (columns.x >= quads(layer.outputs) || rowQuads.x >= layer.rowQuads) { return; }
  let tile = denseProduct(layer, rowQuads, columns);
  storeBlock(tile.z00, rowQuads.x, columns.x);
  storeBlock(tile.z01, rowQuads.x, columns.y);
  storeBlock(tile.z10, rowQuads.y, columns.x);
  storeBlock(tile.z11, rowQuads.y, columns.y);
}
