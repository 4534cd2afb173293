// Products of a convolution that gathers: Z[s] = sum over taps j, k and big channels i of W[o, j, k, i] big[stride s + (j, k) - 1, i],
// for a workgroup's tile. Needs `layer`, `parameters`, and bigQuad(index), a quad of the big images. Every invocation of the
// workgroup must call these functions.
#include "neighbours.wgsl"
#include "conv_tile.workgroup.wgsl"

fn imageQuad(index: u32) -> vec4f { return bigQuad(index); }

// The tile of a workgroup.
fn smallTile(group: u32) -> GroupTile { return groupTile(group, layer.smallQuads, layer.bigQuads, layer.stride); }

// Finds the pixels of the tile's slab, before the products. `offset` is that of the big images.
fn findSlab(tile: GroupTile, local: u32, offset: u32) {
  for (var i = local; i < tile.slab; i += 64u) {
    slabPlaces[i] = offset + neighboursBeside(tile.pixel + i / tile.spacing, i % tile.spacing);
  }
  workgroupBarrier();
}

// Returns the invocation's results: four pixels and four more, a pixel is a column.
fn convProduct(tile: GroupTile, local: u32) -> array<mat4x4f, 2> {
  let quads = layer.bigQuads;
  let line = (layer.bigColumns + 1u) * quads;
  var z = array<mat4x4f, 2>();
  for (var j = 0u; j < 3u; j++) {
    for (var first = 0u; first < quads; first += 1u << tile.depth) {
      loadSlab(tile, local, j * line, first, quads);
      loadWeights(tile, local, j, first);
      workgroupBarrier();
      for (var tap = 0u; tap < 3u; tap++) {
        for (var k = 0u; k < min(1u << tile.depth, quads - first); k++) {
          let w = transpose(weightBlock(tile, local, tap, k));
          z[0] += w * pixelBlock(tile, local, 0u, tap, k);
          z[1] += w * pixelBlock(tile, local, 4u, tap, k);
        }
      }
      workgroupBarrier();
    }
  }
  return z;
}

// The weights of a row of taps. An invocation's channels are four rows, which lie 2^shift places apart.
fn loadWeights(tile: GroupTile, local: u32, tapRow: u32, first: u32) {
  let end = 12u << (tile.shift + tile.depth);
  for (var i = local; i < end; i += 192u) {
    let w0 = weightQuad(tile, i, tapRow, first);
    let w1 = weightQuad(tile, i + 64u, tapRow, first);
    let w2 = weightQuad(tile, i + 128u, tapRow, first);
    storeWeightQuad(tile, i, end, w0);
    storeWeightQuad(tile, i + 64u, end, w1);
    storeWeightQuad(tile, i + 128u, end, w2);
  }
}

// Consecutive weights are consecutive quads of a tap, then taps, then rows.
fn weightQuad(tile: GroupTile, i: u32, tapRow: u32, first: u32) -> vec4f {
  let k = min(first + (i & ((1u << tile.depth) - 1u)), layer.bigQuads - 1u);
  let tap = (i >> tile.depth) % 3u;
  let row = min(4u * tile.quad + (i >> tile.depth) / 3u, 4u * layer.smallQuads - 1u);
  return parameters[layer.weightOffset + (9u * row + 3u * tapRow + tap) * layer.bigQuads + k];
}

fn storeWeightQuad(tile: GroupTile, i: u32, end: u32, value: vec4f) {
  if (i >= end) { return; }
  let row = (i >> tile.depth) / 3u;
  let position = ((row % 4u) << tile.shift) + row / 4u;
  storeWeight(tile, (i >> tile.depth) % 3u, i & ((1u << tile.depth) - 1u), position, value);
}
