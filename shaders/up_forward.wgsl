// Transposed convolution, forward: each small pixel X[s, o] adds X[s, o] W[o, j, k, i] to the big pixel 2 s + (j, k) - 1, channel i;
// Y = activation(those sums + bias + S).
//
//   layer        uniform     ConvLayer
//   parameters   read        W, bias
//   activations  read_write  X, the small images; Y, the big ones; S, if an earlier layer's output is added
//
// Dispatch: one invocation per 8 small pixels x 8 channels, in a line. No barriers, all loads vec4f.
// Reference: src/reference/up-forward.ts
#include "lib/up_product.wgsl"

// 0 ReLU, 2 linear (src/kernels/dense.ts)
override ACTIVATION: u32 = 0u;

@group(0) @binding(0) var<uniform> layer: ConvLayer;
@group(0) @binding(1) var<storage, read> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> activations: array<vec4f>;

fn smallQuad(index: u32) -> vec4f { return activations[index]; }

fn finishQuad(sum: vec4f, pixel: u32, quad: u32) {
  let place = pixel * layer.bigQuads + quad;
  var y = sum + parameters[layer.biasOffset + quad];
  if (layer.addedOffset != 0u) { y += activations[layer.addedOffset + place]; }
  activations[layer.bigOffset + place] = select(y, max(y, vec4f(0.0)), ACTIVATION == 0u);
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
    var y = array<mat4x4f, 4>();
    upProduct(&y, tile, layer.smallOffset, shift);
    for (var p = 0u; p < 8u; p++) {
      let big = bigPixel(tile.pixel + p, shift);
      if (!big.inside) { continue; }
      for (var c = 0u; c < 2u; c++) { finishQuad(y[2u * (p / 4u) + c][p % 4u], big.pixel, tile.quads[c]); }
    }
  }
}
