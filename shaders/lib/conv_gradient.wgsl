// The gradient of a convolution's weights and biases, as sums over parts of the pixels:
//   dW[o, j, k, i] = sum over s of small[s, o] big[stride s + (j, k) - 1, i];  dbias = the sum of dY over its pixels
// In a convolution the big images are its input X and the small ones dY; in a transposed one it is the other way round.
//
//   layer        uniform     ConvLayer
//   activations  read        X
//   gradients    read        dY
//   parts        read_write  [splits, parameters]   dW and dbias of each split of the pixels, at the places of W and bias
//
// All variants of the product share this file.
// Reference: src/reference/conv-gradient.ts
#include "rows.wgsl"
#include "neighbours.wgsl"

// 1 for a transposed convolution
override UP: u32 = 0u;

@group(0) @binding(0) var<uniform> layer: ConvLayer;
@group(0) @binding(1) var<storage, read> activations: array<vec4f>;
@group(0) @binding(2) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> parts: array<vec4f>;

fn bigQuad(index: u32) -> vec4f {
  if (UP == 1u) { return gradients[layer.bigGradient + index]; }
  return activations[layer.bigOffset + index];
}

fn smallQuad(index: u32) -> vec4f {
  if (UP == 1u) { return activations[layer.smallOffset + index]; }
  return gradients[layer.smallGradient + index];
}

// The pixels of a split: multiples of 4.
fn splitPixels(pixels: u32) -> u32 { return 4u * ((pixels + 4u * layer.splits - 1u) / (4u * layer.splits)); }
