// The gradient of a convolution's weights and biases: see lib/conv_gradient_tile.wgsl for the dispatch.
// An invocation computes 16 x 16 weights.
// Reference: src/reference/conv-gradient.ts
#include "lib/conv_gradient_tile.wgsl"
#include "lib/tile16.wgsl"

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
    let b2 = bigRows(big, columns[2]);
    let b3 = bigRows(big, columns[3]);
    let s0 = transpose(smallRows(small, rows[0]));
    dw[0] += b0 * s0;
    dw[1] += b1 * s0;
    dw[2] += b2 * s0;
    dw[3] += b3 * s0;
    let s1 = transpose(smallRows(small, rows[1]));
    dw[4] += b0 * s1;
    dw[5] += b1 * s1;
    dw[6] += b2 * s1;
    dw[7] += b3 * s1;
    let s2 = transpose(smallRows(small, rows[2]));
    dw[8] += b0 * s2;
    dw[9] += b1 * s2;
    dw[10] += b2 * s2;
    dw[11] += b3 * s2;
    let s3 = transpose(smallRows(small, rows[3]));
    dw[12] += b0 * s3;
    dw[13] += b1 * s3;
    dw[14] += b2 * s3;
    dw[15] += b3 * s3;
  }
  return dw;
}

@compute @workgroup_size(2, 2)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  gradientTile(group, local);
}
