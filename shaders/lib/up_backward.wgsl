// Transposed convolution, backward: the gradient with respect to its input, through the ReLU that produced that input:
// dX[s, o] = (sum over j, k, i of dY[2 s + (j, k) - 1, i] W[o, j, k, i] + dA[s, o]) if X[s, o] > 0, else 0.
//
//   layer        uniform     ConvLayer
//   parameters   read        W
//   activations  read        X, the small images
//   gradients    read_write  dY, the big images; dX, the small ones; dA, those of a later layer that adds X
//
// All variants of the product share this file.
// Reference: src/reference/up-backward.ts
#include "conv_layer.wgsl"

@group(0) @binding(0) var<uniform> layer: ConvLayer;
@group(0) @binding(1) var<storage, read> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read> activations: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> gradients: array<vec4f>;

fn bigQuad(index: u32) -> vec4f { return gradients[index]; }

// Stores four channels of a small pixel, unless that is one of zeros.
fn finishQuad(sum: vec4f, pixel: u32, quad: u32) {
  if (!placeOf(pixel, layer.images, layer.smallRows, layer.smallColumns).inside) { return; }
  let place = pixel * layer.smallQuads + quad;
  let x = activations[layer.smallOffset + place];
  var dx = sum;
  if (layer.adderGradient != 0u) { dx += gradients[layer.adderGradient + place]; }
  gradients[layer.smallGradient + place] = select(vec4f(0.0), dx, x > vec4f(0.0));
}
