// The gradient of a convolution's weights and biases: see lib/conv_gradient.wgsl for the buffers.
// Workgroups in x: for each of the three rows of taps, one per 8 quads of (tap, big channel), then one for the bias. In y: for each
// split, one per 8 quads of small channels. An invocation computes 8 x 8 weights.
// Reference: src/reference/conv-gradient.ts
#include "lib/conv_gradient.wgsl"

fn sumWeights(split: u32, rows: vec2u, tapRow: u32, columns: vec2u) -> array<mat4x4f, 4> {
  let pixels = planePixels(layer.images, layer.smallRows, layer.smallColumns);
  let count = splitPixels(pixels);
  let line = tapRow * (layer.bigColumns + 1u) * layer.bigQuads;
  var dw: array<mat4x4f, 4>;
  for (var pixel = split * count; pixel < min(pixels, (split + 1u) * count); pixel += 4u) {
    let small = vec4u(pixel, pixel + 1u, pixel + 2u, pixel + 3u) * layer.smallQuads;
    let big = line + vec4u(neighbours(pixel), neighbours(pixel + 1u), neighbours(pixel + 2u), neighbours(pixel + 3u));
    // Past the last pixel there are zeros.
    let s0 = transpose(mat4x4f(smallQuad(small[0] + rows[0]), smallQuad(small[1] + rows[0]), smallQuad(small[2] + rows[0]), smallQuad(small[3] + rows[0])));
    let s1 = transpose(mat4x4f(smallQuad(small[0] + rows[1]), smallQuad(small[1] + rows[1]), smallQuad(small[2] + rows[1]), smallQuad(small[3] + rows[1])));
    let b0 = mat4x4f(bigQuad(big[0] + columns[0]), bigQuad(big[1] + columns[0]), bigQuad(big[2] + columns[0]), bigQuad(big[3] + columns[0]));
    let b1 = mat4x4f(bigQuad(big[0] + columns[1]), bigQuad(big[1] + columns[1]), bigQuad(big[2] + columns[1]), bigQuad(big[3] + columns[1]));
    dw[0] += b0 * s0;
    dw[1] += b1 * s0;
    dw[2] += b0 * s1;
    dw[3] += b1 * s1;
  }
  return dw;
}

// The sum over a split of a quad of dY.
fn sumBias(split: u32, quad: u32) -> vec4f {
  var sum = vec4f(0.0);
  if (UP == 1u) {
    let pixels = planePixels(layer.images, layer.bigRows, layer.bigColumns);
    let count = splitPixels(pixels);
    for (var pixel = split * count; pixel < min(pixels, (split + 1u) * count); pixel++) {
      sum += bigQuad(pixel * layer.bigQuads + quad);
    }
  } else {
    let pixels = planePixels(layer.images, layer.smallRows, layer.smallColumns);
    let count = splitPixels(pixels);
    for (var pixel = split * count; pixel < min(pixels, (split + 1u) * count); pixel++) {
      sum += smallQuad(pixel * layer.smallQuads + quad);
    }
  }
  return sum;
}

@compute @workgroup_size(4, 4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let steps = 3u * layer.bigQuads;
  let across = (steps + 7u) / 8u;
  let down = (layer.smallQuads + 7u) / 8u;
  let split = group.y / down;
  let rowTile = 4u * (group.y % down) + local.y;
  let start = split * layer.parameterQuads;
  if (group.x == 3u * across) {
    // The invocations of a split share the quads of the bias.
    let outputs = select(layer.smallQuads, layer.bigQuads, UP == 1u);
    for (var quad = 4u * rowTile + local.x; quad < outputs; quad += 16u * down) {
      parts[start + layer.biasOffset + quad] = sumBias(split, quad);
    }
    return;
  }
  let tapRow = group.x / across;
  let columnTile = 4u * (group.x % across) + local.x;
  if (2u * columnTile >= steps || 2u * rowTile >= layer.smallQuads) { return; }
  let columns = tileQuads(columnTile, steps);
  let rows = tileQuads(rowTile, layer.smallQuads);
  let dw = sumWeights(split, rows, tapRow, columns);
  for (var o = 0u; o < 8u; o++) {
    for (var i = 0u; i < 2u; i++) {
      let row = 4u * rows[o / 4u] + o % 4u;
      parts[start + layer.weightOffset + (3u * row + tapRow) * steps + columns[i]] = dw[2u * (o / 4u) + i][o % 4u];
    }
  }
}
