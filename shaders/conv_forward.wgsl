// Convolution, forward: Y[s, o] = activation(sum over j, k, i of X[stride s + (j, k) - 1, i] W[o, j, k, i] + bias[o] + S[s, o]).
//
//   layer        uniform     ConvLayer
//   parameters   read        W, bias
//   activations  read_write  X, the big images; Y, the small ones; S, if an earlier layer's output is added
//
// Dispatch: one invocation per 8 pixels x 8 channels, in a line. No barriers, all loads vec4f.
// Reference: src/reference/conv-forward.ts
#include "lib/conv_product.wgsl"

// 0 ReLU, 2 linear (src/kernels/dense.ts)
override ACTIVATION: u32 = 0u;

@group(0) @binding(0) var<uniform> layer: ConvLayer;
@group(0) @binding(1) var<storage, read> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> activations: array<vec4f>;

fn bigQuad(index: u32) -> vec4f { return activations[index]; }

@compute @workgroup_size(16)
fn main(
  @builtin(workgroup_id) groupId: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let pixels = planePixels(layer.images, layer.smallRows, layer.smallColumns);
  let tile = convTile(lineId(groupId, groups, local), pixels, layer.smallQuads);
  if (!tile.exists) { return; }
  var z: array<mat4x4f, 4>;
  convProduct(&z, tile, layer.bigOffset);
  for (var p = 0u; p < 8u; p++) {
    let pixel = tile.pixel + p;
    if (!placeOf(pixel, layer.images, layer.smallRows, layer.smallColumns).inside) { continue; }
    for (var c = 0u; c < 2u; c++) {
      let place = pixel * layer.smallQuads + tile.quads[c];
      var y = z[2u * (p / 4u) + c][p % 4u] + parameters[layer.biasOffset + tile.quads[c]];
      if (layer.addedOffset != 0u) { y += activations[layer.addedOffset + place]; }
      activations[layer.smallOffset + place] = select(y, max(y, vec4f(0.0)), ACTIVATION == 0u);
    }
  }
}
