// A tile of pixels x channels per workgroup of 64 invocations, as an implicit matrix product: for one row of taps and a few quads of
// input channels at a time, the pixels with those beside them (a slab) and the weights of the three taps pass through workgroup
// memory. Each pixel is loaded three times per workgroup, not nine times, and each weight once. Needs `layer`, and
// imageQuad(index), a quad of the product's input images.
//
// An invocation computes 8 pixels x 4 channels: 12 quads of workgroup memory serve 128 multiply-adds in 32 sums, which is enough
// independent work to hide their latency, and leaves registers for several workgroups per core, also on integrated GPUs. The
// shape of the tile follows the channels, so that few invocations are idle: 64 pixels x 32 channels, 128 x 16, 256 x 8 or 512 x 4.
// The slices are as many quads deep as fit into 660 quads: four for 32 channels, so 1536 multiply-adds lie between
// barriers. It uses 12.6 KiB (limit 16), so eight workgroups fit in 100 KiB.
#include "conv_layer.wgsl"

const slicePlaces = 660u;
const mostPixels = 514u;

// The slab [quads, pixels], then the weights [3 taps, quads, 4, quads of channels]. The weights of a quad have one place
// between them, so that neighbouring invocations use different banks.
var<workgroup> slices: array<vec4f, slicePlaces>;
// The place of each pixel of the slab in `activations` or `gradients`, for the first row of taps.
var<workgroup> slabPlaces: array<u32, mostPixels>;

// Of a workgroup: the same for all its invocations.
struct GroupTile {
  pixel: u32,   // the first small pixel
  quad: u32,    // the first quad of channels
  shift: u32,   // the tile has 2^shift quads of channels and 512 / 2^shift pixels
  spacing: u32, // pixels of the slab from one small pixel to the next
  slab: u32,    // pixels of the slab
  depth: u32,   // the slices are 2^depth quads deep
}

// The tile of a workgroup; those of a pixel are adjacent. The results have `channelQuads`, the images that are multiplied
// `imageQuads`. The same function is in src/kernels/conv-sizes.ts.
fn groupTile(group: u32, channelQuads: u32, imageQuads: u32, spacing: u32) -> GroupTile {
  let shift = clamp(log2Above(channelQuads), spacing - 1u, 3u);
  let across = (channelQuads + (1u << shift) - 1u) >> shift;
  let slab = spacing * ((512u >> shift) - 1u) + 3u;
  let fitting = slicePlaces / (slab + 3u * weightPitch(shift));
  let depth = min(31u - countLeadingZeros(fitting), log2Above(imageQuads));
  return GroupTile((512u >> shift) * (group / across), (group % across) << shift, shift, spacing, slab, depth);
}

// The exponent of the next power of two.
fn log2Above(value: u32) -> u32 { return 32u - countLeadingZeros(value - 1u); }

// Places between the weights of one quad of input channels and those of the next.
fn weightPitch(shift: u32) -> u32 { return (4u << shift) + 1u; }

// The number of a workgroup in a dispatch in a line, which may be folded into two dimensions.
fn lineGroup(groupId: vec3u, groups: vec3u) -> u32 { return groupId.y * groups.x + groupId.x; }

// The small pixel of an invocation's result `i` of 8. Those of neighbouring invocations are adjacent.
fn resultPixel(tile: GroupTile, local: u32, i: u32) -> u32 {
  return tile.pixel + (local >> tile.shift) + i * (64u >> tile.shift);
}

// The quad of channels of an invocation's results; it may be past the last one.
fn resultQuad(tile: GroupTile, local: u32) -> u32 { return tile.quad + (local & ((1u << tile.shift) - 1u)); }

// Loads the quads from `first` on of the slab, `away` quads after its places. Quads past the last one are not used. The loads of
// an iteration do not depend on each other, so their latencies overlap.
fn loadSlab(tile: GroupTile, local: u32, away: u32, first: u32, quads: u32) {
  let end = tile.slab << tile.depth;
  for (var i = local; i < end; i += 320u) {
    let x0 = slabQuad(tile, i, away, first, quads);
    let x1 = slabQuad(tile, i + 64u, away, first, quads);
    let x2 = slabQuad(tile, i + 128u, away, first, quads);
    let x3 = slabQuad(tile, i + 192u, away, first, quads);
    let x4 = slabQuad(tile, i + 256u, away, first, quads);
    storeSlab(tile, i, end, x0);
    storeSlab(tile, i + 64u, end, x1);
    storeSlab(tile, i + 128u, end, x2);
    storeSlab(tile, i + 192u, end, x3);
    storeSlab(tile, i + 256u, end, x4);
  }
}

fn slabQuad(tile: GroupTile, i: u32, away: u32, first: u32, quads: u32) -> vec4f {
  let k = first + (i & ((1u << tile.depth) - 1u));
  return imageQuad(slabPlaces[min(i >> tile.depth, tile.slab - 1u)] + away + min(k, quads - 1u));
}

fn storeSlab(tile: GroupTile, i: u32, end: u32, value: vec4f) {
  if (i < end) { slices[(i & ((1u << tile.depth) - 1u)) * tile.slab + (i >> tile.depth)] = value; }
}

// Stores four numbers of the weights, by tap, input quad, and position in the quad's 4 x 2^shift.
fn storeWeight(tile: GroupTile, tap: u32, k: u32, position: u32, value: vec4f) {
  slices[(tile.slab << tile.depth) + ((tap << tile.depth) + k) * weightPitch(tile.shift) + position] = value;
}

// The weights of an invocation's channels for a tap and an input quad.
fn weightBlock(tile: GroupTile, local: u32, tap: u32, k: u32) -> mat4x4f {
  let stride = 1u << tile.shift;
  let place = (tile.slab << tile.depth) + ((tap << tile.depth) + k) * weightPitch(tile.shift) + (local & (stride - 1u));
  return mat4x4f(slices[place], slices[place + stride], slices[place + 2u * stride], slices[place + 3u * stride]);
}

// An input quad of four of an invocation's pixels, from its pixel `i` on, `beside` pixels further in the slab.
fn pixelBlock(tile: GroupTile, local: u32, i: u32, beside: u32, k: u32) -> mat4x4f {
  let stride = tile.spacing * (64u >> tile.shift);
  let place = k * tile.slab + tile.spacing * (local >> tile.shift) + beside + i * stride;
  return mat4x4f(slices[place], slices[place + stride], slices[place + 2u * stride], slices[place + 3u * stride]);
}
