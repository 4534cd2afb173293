// The tile of an invocation of a convolution with stride 1: 16 pixels next to each other x 16 channels. The four invocations of a
// quad, which are next to each other in a subgroup, have the same channels: each loads the weights of four of them and gets the
// others by exchange. All invocations of a workgroup must call these functions.
#include "conv_layer.wgsl"

const tilePixels = 16u;
const tileSide = 4u;

// Element 4 p + n is a pixel's block n of four channels.
alias TileSums = array<vec4f, 64>;

// The pixels of a tile with those beside it.
alias TileRow = array<vec4f, 18>;

// The weights of a row of taps, between four channels and four others: by the column of a pixel's neighbour.
struct RowWeights {
  left: mat4x4f,
  middle: mat4x4f,
  right: mat4x4f,
}

struct SubgroupTile {
  pixel: u32,   // the first pixel
  quads: vec4u, // of channels: those of each block; the invocation loads the weights of the first
}

// The four quads of channels of an invocation, its own one first, of tile `index` in `count` quads. At the end, some repeat the last
// quad, and the same result is stored twice.
fn exchangedQuads(index: u32, lane: u32, count: u32) -> vec4u {
  return min(vec4u(4u * index) + (vec4u(lane & 3u) ^ vec4u(0u, 1u, 2u, 3u)), vec4u(count - 1u));
}

// The tile of an invocation of a workgroup of 16, the `lane`-th of its subgroup. The tiles of a pixel are in adjacent workgroups.
fn subgroupTile(group: u32, local: u32, lane: u32, channelQuads: u32) -> SubgroupTile {
  let across = (channelQuads + tileSide - 1u) / tileSide;
  let pixel = tilePixels * (16u * (group / across) + local);
  return SubgroupTile(pixel, exchangedQuads(group % across, lane, channelQuads));
}

// What the neighbour in x, in y, or across has in the same place.
fn fromBeside(block: mat4x4f) -> mat4x4f {
  return mat4x4f(quadSwapX(block[0]), quadSwapX(block[1]), quadSwapX(block[2]), quadSwapX(block[3]));
}

fn fromBelow(block: mat4x4f) -> mat4x4f {
  return mat4x4f(quadSwapY(block[0]), quadSwapY(block[1]), quadSwapY(block[2]), quadSwapY(block[3]));
}

fn fromAcross(block: mat4x4f) -> mat4x4f {
  return mat4x4f(quadSwapDiagonal(block[0]), quadSwapDiagonal(block[1]), quadSwapDiagonal(block[2]), quadSwapDiagonal(block[3]));
}

// Adds the products of a row of pixels with the weights that the four invocations have loaded.
fn addRow(z: ptr<function, TileSums>, w: RowWeights, x: TileRow) {
  addBlock(z, 0u, w, x);
  addBlock(z, 1u, RowWeights(fromBeside(w.left), fromBeside(w.middle), fromBeside(w.right)), x);
  addBlock(z, 2u, RowWeights(fromBelow(w.left), fromBelow(w.middle), fromBelow(w.right)), x);
  addBlock(z, 3u, RowWeights(fromAcross(w.left), fromAcross(w.middle), fromAcross(w.right)), x);
}

// SwiftShader stores a sum in a dozen instructions, so all twelve products are added at once.
fn addBlock(z: ptr<function, TileSums>, n: u32, w: RowWeights, x: TileRow) {
  (*z)[n] += w.left * x[0] + w.middle * x[1] + w.right * x[2];
  (*z)[4u + n] += w.left * x[1] + w.middle * x[2] + w.right * x[3];
  (*z)[8u + n] += w.left * x[2] + w.middle * x[3] + w.right * x[4];
  (*z)[12u + n] += w.left * x[3] + w.middle * x[4] + w.right * x[5];
  (*z)[16u + n] += w.left * x[4] + w.middle * x[5] + w.right * x[6];
  (*z)[20u + n] += w.left * x[5] + w.middle * x[6] + w.right * x[7];
  (*z)[24u + n] += w.left * x[6] + w.middle * x[7] + w.right * x[8];
  (*z)[28u + n] += w.left * x[7] + w.middle * x[8] + w.right * x[9];
  (*z)[32u + n] += w.left * x[8] + w.middle * x[9] + w.right * x[10];
  (*z)[36u + n] += w.left * x[9] + w.middle * x[10] + w.right * x[11];
  (*z)[40u + n] += w.left * x[10] + w.middle * x[11] + w.right * x[12];
  (*z)[44u + n] += w.left * x[11] + w.middle * x[12] + w.right * x[13];
  (*z)[48u + n] += w.left * x[12] + w.middle * x[13] + w.right * x[14];
  (*z)[52u + n] += w.left * x[13] + w.middle * x[14] + w.right * x[15];
  (*z)[56u + n] += w.left * x[14] + w.middle * x[15] + w.right * x[16];
  (*z)[60u + n] += w.left * x[15] + w.middle * x[16] + w.right * x[17];
}
