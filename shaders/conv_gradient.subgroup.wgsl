// The gradient of the weights and biases of a convolution with stride 1: see lib/conv_gradient.wgsl for the buffers.
// An invocation computes the weights of a row of three taps, from 4 big channels to 16 small ones. The four invocations of a workgroup
// have other big channels and the same small ones, of which each loads four and gets the others by exchange.
// Dispatch: workgroups in x: for each of the three rows of taps, one per 16 big channels, then one for the bias. In y: for each split,
// one per 16 small channels.
// Reference: src/reference/conv-gradient.ts
enable subgroups;
#include "lib/conv_gradient.wgsl"
#include "lib/neighbours.wgsl"
#include "lib/tile_row.subgroup.wgsl"
#include "lib/bias_sum.wgsl"

// Element 4 t + n is tap t of the row, block n of four small channels; a small channel is a column.
alias WeightSums = array<mat4x4f, 12>;

// Four blocks of four pixels.
alias PixelBlocks = array<mat4x4f, 4>;

fn imageQuad(index: u32) -> vec4f { return bigQuad(index); }

// Four small channels of 16 pixels next to each other, with zeros from pixel `end` on; a channel is a column.
fn smallBlocks(first: u32, end: u32, quad: u32) -> PixelBlocks {
  return array(
    smallBlock(first, end, quad),
    smallBlock(first + 4u, end, quad),
    smallBlock(first + 8u, end, quad),
    smallBlock(first + 12u, end, quad),
  );
}

fn smallBlock(pixel: u32, end: u32, quad: u32) -> mat4x4f {
  // The pixels of a split are a multiple of four, or zeros follow.
  let inside = pixel < end;
  let first = select(beforeFirst, pixel, inside) * layer.smallQuads + quad;
  let step = select(0u, layer.smallQuads, inside);
  return transpose(mat4x4f(
    smallQuad(first),
    smallQuad(first + step),
    smallQuad(first + 2u * step),
    smallQuad(first + 3u * step),
  ));
}

// All sixteen products at once, because SwiftShader stores a sum in a dozen instructions.
fn addWindow(dw: ptr<function, WeightSums>, n: u32, x: TileRow, s: PixelBlocks) {
  (*dw)[n] += mat4x4f(x[0], x[1], x[2], x[3]) * s[0] + mat4x4f(x[4], x[5], x[6], x[7]) * s[1]
    + mat4x4f(x[8], x[9], x[10], x[11]) * s[2] + mat4x4f(x[12], x[13], x[14], x[15]) * s[3];
  (*dw)[4u + n] += mat4x4f(x[1], x[2], x[3], x[4]) * s[0] + mat4x4f(x[5], x[6], x[7], x[8]) * s[1]
    + mat4x4f(x[9], x[10], x[11], x[12]) * s[2] + mat4x4f(x[13], x[14], x[15], x[16]) * s[3];
  (*dw)[8u + n] += mat4x4f(x[2], x[3], x[4], x[5]) * s[0] + mat4x4f(x[6], x[7], x[8], x[9]) * s[1]
    + mat4x4f(x[10], x[11], x[12], x[13]) * s[2] + mat4x4f(x[14], x[15], x[16], x[17]) * s[3];
}

@compute @workgroup_size(4)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) local: u32,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let across = (layer.bigQuads + tileSide - 1u) / tileSide;
  let down = (layer.smallQuads + tileSide - 1u) / tileSide;
  let split = group.y / down;
  let start = split * layer.parameterQuads;
  if (group.x == 3u * across) {
    // The workgroups of a split share the quads of the bias.
    for (var quad = 4u * (group.y % down) + local; quad < layer.smallQuads; quad += 4u * down) {
      parts[start + layer.biasOffset + quad] = sumBias(split, quad);
    }
    return;
  }
  let rows = exchangedQuads(group.y % down, lane, layer.smallQuads);
  let column = min(4u * (group.x % across) + (lane & 3u), layer.bigQuads - 1u);
  let tapRow = group.x / across;
  let pixels = planePixels(layer.images, layer.smallRows, layer.smallColumns);
  let count = splitPixels(pixels);
  let end = min(pixels, (split + 1u) * count);
  let line = tapRow * (layer.bigColumns + 1u) * layer.bigQuads;
  var dw: WeightSums;
  for (var pixel = split * count; pixel < end; pixel += tilePixels) {
    let x = tileRow(neighboursBeside(pixel, 0u) + line + column, layer.bigQuads);
    let s = smallBlocks(pixel, end, rows[0]);
    addWindow(&dw, 0u, x, s);
    addWindow(&dw, 1u, x, PixelBlocks(fromBeside(s[0]), fromBeside(s[1]), fromBeside(s[2]), fromBeside(s[3])));
    addWindow(&dw, 2u, x, PixelBlocks(fromBelow(s[0]), fromBelow(s[1]), fromBelow(s[2]), fromBelow(s[3])));
    addWindow(&dw, 3u, x, PixelBlocks(fromAcross(s[0]), fromAcross(s[1]), fromAcross(s[2]), fromAcross(s[3])));
  }
  for (var tap = 0u; tap < 3u; tap++) {
    for (var o = 0u; o < 16u; o++) {
      let row = 4u * rows[o / 4u] + o % 4u;
      parts[start + layer.weightOffset + (9u * row + 3u * tapRow + tap) * layer.bigQuads + column] = dw[4u * tap + o / 4u][o % 4u];
    }
  }
}
