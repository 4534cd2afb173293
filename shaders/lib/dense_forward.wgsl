// Dense layer, forward: Y[b, o] = activation(sum over i of X[b, i] W[o, i] + bias[o]).
//
//   layer        uniform     Layer
//   parameters   read        W [outputs, inputs], bias [outputs]
//   activations  read_write  X [rows, inputs], Y [rows, outputs]
//
// All variants of the product share this file.
// Reference: src/reference/dense-forward.ts
#include "rows.wgsl"
#include "layer.wgsl"
#include "centre.wgsl"
#include "sigmoid.wgsl"

// 0 ReLU, 1 sigmoid, 2 linear, 3 residual (src/kernels/dense.ts)
override ACTIVATION: u32 = 0u;

@group(0) @binding(0) var<uniform> layer: Layer;
@group(0) @binding(1) var<storage, read> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> activations: array<vec4f>;

// `place` is the quad's place in the block. A residual output has the shape of the network's input, which is block 0.
fn activate(z: vec4f, place: u32) -> vec4f {
  switch (ACTIVATION) {
    case 1u: { return sigmoid(z, decay(z)); }
    case 2u: { return z; }
    case 3u: { return activations[place] + CENTRE - z; }
    default: { return max(z, vec4f(0.0)); }
  }
}

// Adds the bias to four rows of four outputs (each row is a column of the block), activates and stores them.
fn finishBlock(block: mat4x4f, rowQuad: u32, column: u32) {
  let bias = parameters[layer.biasOffset + column];
  var z = block;
  for (var i = 0u; i < 4u; i++) {
    let place = (4u * rowQuad + i) * quads(layer.outputs) + column;
    activations[layer.outputOffset + place] = maskRow(activate(z[i] + bias, place), column, layer.outputs);
  }
}
