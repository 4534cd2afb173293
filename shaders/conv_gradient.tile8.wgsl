// The gradient of a convolution's weights and biases: see lib/conv_gradient_tile.wgsl for the dispatch.
// An invocation computes 8 x 8 weights.
// Reference: src/reference/conv-gradient.ts
#include "lib/conv_gradient_tile.wgsl"
#include "lib/tile8.wgsl"

fn sumWeights(split: u32, rows: TileQuads, tapRow: u32, columns: TileQuads) -> TileBlocks {
  let pixels = planePixels(layer.images, layer.smallRows, layer.smallColumns);
  let count = splitPixels(pixels);
  let line = tapRow * (layer.bigColumns + 1u) * layer.bigQuads;
  var dw: TileBlocks;
  for (var pixel = split * count; pixel < min(pixels, (split + 1u) * count); pixel += 4u) {
    let small = vec4u(pixel, pixel + 1u, pixel + 2u, pixel + 3u) * layer.smallQuads;
    let big = line + vec4u(neighbours(pixel), neighbours(pixel + 1u), neighbours(pixel + 2u), neighbours(pixel + 3u));
    // Past the last pixel there are zeros.
    let b0 = bigRows(big, columns[0]);
    let b1 = bigRows(big, columns[1]);
    let s0 = transpose(smallRows(small, rows[0]));
    dw[0] += b0 * s0;
    dw[1] += b1 * s0;
    let s1 = transpose(smallRows(small, rows[1]));
    dw[2] += b0 * s1;
    dw[3] += b1 * s1;
  }
  return dw;
}

@compute @workgroup_size(4, 4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  gradientTile(group, local);
}
