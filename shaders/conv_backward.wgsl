// Convolution, backward: the gradient with respect to its input, through the ReLU that produced that input:
// dX[b, i] = (sum over o, j, k with b = stride s + (j, k) - 1 of dY[s, o] W[o, j, k, i] + dA[b, i]) if X[b, i] > 0, else 0.
//
//   layer        uniform     ConvLayer
//   parameters   read        W
//   activations  read        X, the big images
//   gradients    read_write  dY, the small images; dX, the big ones; dA, those of a later layer that adds X
//
// Dispatch: one invocation per 8 small pixels x 8 channels, in a line. No barriers, all loads vec4f.
// Reference: src/reference/conv-backward.ts
#include "lib/up_product.wgsl"

@group(0) @binding(0) var<uniform> layer: ConvLayer;
@group(0) @binding(1) var<storage, read> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read> activations: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> gradients: array<vec4f>;

fn smallQuad(index: u32) -> vec4f { return gradients[index]; }

fn finishQuad(sum: vec4f, pixel: u32, quad: u32) {
  let place = pixel * layer.bigQuads + quad;
  let x = activations[layer.bigOffset + place];
  var dx = sum;
  if (layer.adderGradient != 0u) { dx += gradients[layer.adderGradient + place]; }
  gradients[layer.bigGradient + place] = select(vec4f(0.0), dx, x > vec4f(0.0));
}

@compute @workgroup_size(16)
fn main(
  @builtin(workgroup_id) groupId: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let pixels = planePixels(layer.images, layer.smallRows, layer.smallColumns);
  let tile = convTile(lineId(groupId, groups, local), pixels, layer.bigQuads);
  if (!tile.exists) { return; }
  for (var phase = 0u; phase < layer.stride * layer.stride; phase++) {
    let shift = vec2u(phase / layer.stride, phase % layer.stride);
    // Explicitly: some compilers set a variable without a value to zeros in the first iteration only.
    var dx = array<mat4x4f, 4>();
    upProduct(&dx, tile, layer.smallGradient, shift);
    for (var p = 0u; p < 8u; p++) {
      let big = bigPixel(tile.pixel + p, shift);
      if (!big.inside) { continue; }
      for (var c = 0u; c < 2u; c++) { finishQuad(dx[2u * (p / 4u) + c][p % 4u], big.pixel, tile.quads[c]); }
    }
  }
}
