// Convolution, forward: Y[s, o] = activation(sum over j, k, i of X[stride s + (j, k) - 1, i] W[o, j, k, i] + bias[o] + S[s, o]).
//
//   layer        uniform     ConvLayer
//   parameters   read        W, bias
//   activations  read_write  X, the big images; Y, the small ones; S, if an earlier layer's output is added
//
// All variants of the product share this file.
// Reference: src/reference/conv-forward.ts
#include "conv_layer.wgsl"

// 0 ReLU, 2 linear (src/kernels/dense.ts)
override ACTIVATION: u32 = 0u;

@group(0) @binding(0) var<uniform> layer: ConvLayer;
@group(0) @binding(1) var<storage, read> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> activations: array<vec4f>;

fn bigQuad(index: u32) -> vec4f { return activations[index]; }

fn biasQuad(quad: u32) -> vec4f { return parameters[layer.biasOffset + quad]; }

// Whether a small pixel is one of an image, and not of zeros.
fn isInside(pixel: u32) -> bool { return placeOf(pixel, layer.images, layer.smallRows, layer.smallColumns).inside; }

// Stores four channels of a small pixel, unless that is one of zeros.
fn finishQuad(sum: vec4f, pixel: u32, quad: u32) {
  if (isInside(pixel)) { storeQuad(sum + biasQuad(quad), pixel, quad); }
}

// Stores four channels of a small pixel of an image, to which the bias was added.
fn storeQuad(sum: vec4f, pixel: u32, quad: u32) {
  let place = pixel * layer.smallQuads + quad;
  var y = sum;
  if (layer.addedOffset != 0u) { y += activations[layer.addedOffset + place]; }
  activations[layer.smallOffset + place] = select(y, max(y, vec4f(0.0)), ACTIVATION == 0u);
}
