// Convolution, backward: the gradient with respect to its input, through the ReLU that produced that input:
// dX[b, i] = (sum over o, j, k with b = stride s + (j, k) - 1 of dY[s, o] W[o, j, k, i] + dA[b, i]) if X[b, i] > 0, else 0.
//
//   layer        uniform     ConvLayer
//   parameters   read        W
//   activations  read        X, the big images
//   gradients    read_write  dY, the small images; dX, the big ones; dA, those of a later layer that adds X
//
// All variants of the product share this file.
// Reference: src/reference/conv-backward.ts
#include "conv_layer.wgsl"

@group(0) @binding(0) var<uniform> layer: ConvLayer;
@group(0) @binding(1) var<storage, read> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read> activations: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> gradients: array<vec4f>;

fn smallQuad(index: u32) -> vec4f { return gradients[index]; }

// Stores four channels of a big pixel.
fn finishQuad(sum: vec4f, pixel: u32, quad: u32) {
  let place = pixel * layer.bigQuads + quad;
  let x = activations[layer.bigOffset + place];
  var dx = sum;
  if (layer.adderGradient != 0u) { dx += gradients[layer.adderGradient + place]; }
  gradients[layer.bigGradient + place] = select(vec4f(0.0), dx, x > vec4f(0.0));
}
