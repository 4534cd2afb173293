// Transposed convolution, backward: the gradient with respect to its input, through the ReLU that produced that input:
// dX[s, o] = (sum over j, k, i of dY[2 s + (j, k) - 1, i] W[o, j, k, i] + dA[s, o]) if X[s, o] > 0, else 0.
//
//   layer        uniform     ConvLayer
//   parameters   read        W
//   activations  read        X, the small images
//   gradients    read_write  dY, the big images; dX, the small ones; dA, those of a later layer that adds X
//
// Dispatch: one invocation per 8 pixels x 8 channels, in a line. No barriers, all loads vec4f.
// Reference: src/reference/up-backward.ts
#include "lib/conv_product.wgsl"

@group(0) @binding(0) var<uniform> layer: ConvLayer;
@group(0) @binding(1) var<storage, read> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read> activations: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> gradients: array<vec4f>;

fn bigQuad(index: u32) -> vec4f { return gradients[index]; }

@compute @workgroup_size(16)
fn main(
  @builtin(workgroup_id) groupId: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let pixels = planePixels(layer.images, layer.smallRows, layer.smallColumns);
  let tile = convTile(lineId(groupId, groups, local), pixels, layer.smallQuads);
  if (!tile.exists) { return; }
  var dx: array<mat4x4f, 4>;
  convProduct(&dx, tile, layer.bigGradient);
  for (var p = 0u; p < 8u; p++) {
    let pixel = tile.pixel + p;
    if (!placeOf(pixel, layer.images, layer.smallRows, layer.smallColumns).inside) { continue; }
    for (var c = 0u; c < 2u; c++) {
      let quad = pixel * layer.smallQuads + tile.quads[c];
      let x = activations[layer.smallOffset + quad];
      var sum = dx[2u * (p / 4u) + c][p % 4u];
      if (layer.adderGradient != 0u) { sum += gradients[layer.adderGradient + quad]; }
      gradients[layer.smallGradient + quad] = select(vec4f(0.0), sum, x > vec4f(0.0));
    }
  }
}
