// Transposed convolution, forward: each small pixel X[s, o] adds X[s, o] W[o, j, k, i] to the big pixel 2 s + (j, k) - 1, channel i;
// Y = activation(those sums + bias + S).
//
//   layer        uniform     ConvLayer
//   parameters   read        W, bias
//   activations  read_write  X, the small images; Y, the big ones; S, if an earlier layer's output is added
//
// All variants of the product share this file.
// Reference: src/reference/up-forward.ts
#include "conv_layer.wgsl"

// 0 ReLU, 2 linear (src/kernels/dense.ts)
override ACTIVATION: u32 = 0u;

@group(0) @binding(0) var<uniform> layer: ConvLayer;
@group(0) @binding(1) var<storage, read> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> activations: array<vec4f>;

fn smallQuad(index: u32) -> vec4f { return activations[index]; }

// Stores four channels of a big pixel.
fn finishQuad(sum: vec4f, pixel: u32, quad: u32) {
  let place = pixel * layer.bigQuads + quad;
  var y = sum + parameters[layer.biasOffset + quad];
  if (layer.addedOffset != 0u) { y += activations[layer.addedOffset + place]; }
  activations[layer.bigOffset + place] = select(y, max(y, vec4f(0.0)), ACTIVATION == 0u);
}
