// Products of a convolution that scatters, for a workgroup's tile: those of the big pixels stride s + phase, one phase of
// stride x stride at a time:
//   Z[b, i] = sum over small channels o and taps j, k with b = stride s + (j, k) - 1 of small[s, o] W[o, j, k, i]
// Needs `layer`, `parameters`, and smallQuad(index), a quad of the small images. Every invocation of the workgroup must call these
// functions.
#include "neighbours.wgsl"
#include "conv_tile.workgroup.wgsl"

fn imageQuad(index: u32) -> vec4f { return smallQuad(index); }

// The tile of a workgroup.
fn bigTile(group: u32) -> GroupTile { return groupTile(group, layer.bigQuads, layer.smallQuads, 1u); }

// Finds the pixels of the tile's slab, before the products: the first one is before the tile. `offset` is that of the small images.
fn findSlab(tile: GroupTile, local: u32, offset: u32) {
  let pixels = planePixels(layer.images, layer.smallRows, layer.smallColumns);
  for (var i = local; i < tile.slab; i += 64u) {
    let pixel = tile.pixel + i - 1u;
    slabPlaces[i] = offset + select(beforeFirst, pixel, pixel < pixels) * layer.smallQuads;
  }
  workgroupBarrier();
}

// Returns the invocation's results of a phase: four pixels and four more, a pixel is a column.
fn upProduct(tile: GroupTile, local: u32, phase: vec2u) -> array<mat4x4f, 2> {
  let quads = layer.smallQuads;
  let line = (layer.smallColumns + 1u) * quads;
  let stride = layer.stride;
  // With a stride of 2, tap 1 of a row or column reaches phase 0, and taps 0 and 2 reach phase 1.
  let taps = select(vec2u(3u), phase + 1u, stride == 2u);
  let start = select(vec2u(0u), 1u - phase, stride == 2u);
  var z = array<mat4x4f, 2>();
  for (var j = start.x; j < 3u; j += stride) {
    // The small pixel of a tap is s + (phase + 1 - tap) / stride.
    let down = (phase.x + 1u + stride - j) / stride - 1u;
    for (var first = 0u; first < quads; first += 1u << tile.depth) {
      loadSlab(tile, local, down * line, first, quads);
      loadWeights(tile, local, 3u * j + start.y, taps.y, first);
      workgroupBarrier();
      for (var tap = 0u; tap < taps.y; tap++) {
        let beside = (phase.y + 1u + stride - start.y) / stride - tap;
        for (var k = 0u; k < min(1u << tile.depth, quads - first); k++) {
          let w = weightBlock(tile, local, tap, k);
          z[0] += w * pixelBlock(tile, local, 0u, beside, k);
          z[1] += w * pixelBlock(tile, local, 4u, beside, k);
        }
      }
      workgroupBarrier();
    }
  }
  return z;
}

// The weights of so many taps, a stride apart. Consecutive ones are consecutive quads of channels, then small channels.
fn loadWeights(tile: GroupTile, local: u32, firstTap: u32, taps: u32, first: u32) {
  let end = (4u * taps) << (tile.shift + tile.depth);
  for (var i = local; i < end; i += 192u) {
    let w0 = weightQuad(tile, i, firstTap, first);
    let w1 = weightQuad(tile, i + 64u, firstTap, first);
    let w2 = weightQuad(tile, i + 128u, firstTap, first);
    storeWeightQuad(tile, i, end, w0);
    storeWeightQuad(tile, i + 64u, end, w1);
    storeWeightQuad(tile, i + 128u, end, w2);
  }
}

fn weightQuad(tile: GroupTile, i: u32, firstTap: u32, first: u32) -> vec4f {
  let quad = min(tile.quad + (i & ((1u << tile.shift) - 1u)), layer.bigQuads - 1u);
  let k = (i >> (tile.shift + 2u)) & ((1u << tile.depth) - 1u);
  let row = 4u * min(first + k, layer.smallQuads - 1u) + ((i >> tile.shift) & 3u);
  let tap = firstTap + layer.stride * min(i >> (tile.shift + 2u + tile.depth), 2u);
  return parameters[layer.weightOffset + (9u * row + tap) * layer.bigQuads + quad];
}

fn storeWeightQuad(tile: GroupTile, i: u32, end: u32, value: vec4f) {
  if (i >= end) { return; }
  let quad = i >> (tile.shift + 2u);
  storeWeight(tile, quad >> tile.depth, quad & ((1u << tile.depth) - 1u), i & ((4u << tile.shift) - 1u), value);
}
