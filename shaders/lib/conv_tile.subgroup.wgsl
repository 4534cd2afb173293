// The tile of an invocation of a convolution with stride 1: 16 pixels next to each other x 16 channels. Each of four invocations loads
// the weights of four channels.
#include "conv_layer.wgsl"
#include "exchange.subgroup.wgsl"

// Element 16 p + 4 n + c is channel c of a pixel's block n of four.
alias TileSums = array<f32, 256>;

// The weights of a row of taps, by the column of a pixel's neighbour: a column has those of four channels to one of the tile.
struct RowWeights {
  left: mat4x4f,
  middle: mat4x4f,
  right: mat4x4f,
}

struct SubgroupTile {
  pixel: u32,   // the first pixel
  quads: vec4u, // of channels: those of each block; the invocation loads the weights of the first
}

// The tile of an invocation of a workgroup of 16, the `lane`-th of its subgroup. The tiles of a pixel are in adjacent workgroups.
fn subgroupTile(group: u32, local: u32, lane: u32, channelQuads: u32) -> SubgroupTile {
  let across = (channelQuads + tileSide - 1u) / tileSide;
  let pixel = tilePixels * (16u * (group / across) + local);
  return SubgroupTile(pixel, exchangedQuads(group % across, lane, channelQuads));
}

// Adds the products of a row of pixels with the weights that the four invocations have loaded.
fn addRow(z: ptr<function, TileSums>, w: RowWeights, x: TileRow) {
  addBlock(z, 0u, w, x);
  addBlock(z, 4u, RowWeights(fromBeside(w.left), fromBeside(w.middle), fromBeside(w.right)), x);
  addBlock(z, 8u, RowWeights(fromBelow(w.left), fromBelow(w.middle), fromBelow(w.right)), x);
  addBlock(z, 12u, RowWeights(fromAcross(w.left), fromAcross(w.middle), fromAcross(w.right)), x);
}

fn addBlock(z: ptr<function, TileSums>, first: u32, w: RowWeights, x: TileRow) {
  addChannel(z, first, w.left[0], w.middle[0], w.right[0], x);
  addChannel(z, first + 1u, w.left[1], w.middle[1], w.right[1], x);
  addChannel(z, first + 2u, w.left[2], w.middle[2], w.right[2], x);
  addChannel(z, first + 3u, w.left[3], w.middle[3], w.right[3], x);
}

fn addChannel(z: ptr<function, TileSums>, channel: u32, left: vec4f, middle: vec4f, right: vec4f, x: TileRow) {
  (*z)[channel] = addTaps((*z)[channel], x[0], left, x[1], middle, x[2], right);
  (*z)[16u + channel] = addTaps((*z)[16u + channel], x[1], left, x[2], middle, x[3], right);
  (*z)[32u + channel] = addTaps((*z)[32u + channel], x[2], left, x[3], middle, x[4], right);
  (*z)[48u + channel] = addTaps((*z)[48u + channel], x[3], left, x[4], middle, x[5], right);
  (*z)[64u + channel] = addTaps((*z)[64u + channel], x[4], left, x[5], middle, x[6], right);
  (*z)[80u + channel] = addTaps((*z)[80u + channel], x[5], left, x[6], middle, x[7], right);
  (*z)[96u + channel] = addTaps((*z)[96u + channel], x[6], left, x[7], middle, x[8], right);
  (*z)[112u + channel] = addTaps((*z)[112u + channel], x[7], left, x[8], middle, x[9], right);
  (*z)[128u + channel] = addTaps((*z)[128u + channel], x[8], left, x[9], middle, x[10], right);
  (*z)[144u + channel] = addTaps((*z)[144u + channel], x[9], left, x[10], middle, x[11], right);
  (*z)[160u + channel] = addTaps((*z)[160u + channel], x[10], left, x[11], middle, x[12], right);
  (*z)[176u + channel] = addTaps((*z)[176u + channel], x[11], left, x[12], middle, x[13], right);
  (*z)[192u + channel] = addTaps((*z)[192u + channel], x[12], left, x[13], middle, x[14], right);
  (*z)[208u + channel] = addTaps((*z)[208u + channel], x[13], left, x[14], middle, x[15], right);
  (*z)[224u + channel] = addTaps((*z)[224u + channel], x[14], left, x[15], middle, x[16], right);
  (*z)[240u + channel] = addTaps((*z)[240u + channel], x[15], left, x[16], middle, x[17], right);
}

// All twelve products at once, because SwiftShader stores a sum in a dozen instructions. With the pixel as the first factor it keeps the
// weights in registers.
fn addTaps(sum: f32, x0: vec4f, left: vec4f, x1: vec4f, middle: vec4f, x2: vec4f, right: vec4f) -> f32 {
  return addTap(addTap(addTap(sum, x0, left), x1, middle), x2, right);
}

fn addTap(sum: f32, x: vec4f, w: vec4f) -> f32 { return fma(x[3], w[3], fma(x[2], w[2], fma(x[1], w[1], fma(x[0], w[0], sum)))); }

// Block n of a pixel.
fn blockOf(z: ptr<function, TileSums>, pixel: u32, n: u32) -> vec4f {
  let first = 16u * pixel + 4u * n;
  return vec4f((*z)[first], (*z)[first + 1u], (*z)[first + 2u], (*z)[first + 3u]);
}
