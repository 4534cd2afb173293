// The tile of an invocation of a convolution: pixels and channels, as many as a tile of register blocks has. Needs `tileSide`,
// `TileQuads` and `tileQuads` (tile8.wgsl or tile16.wgsl).
#include "conv_layer.wgsl"

const tilePixels = 4u * tileSide;

struct ConvTile {
  pixel: u32,       // the first pixel
  quads: TileQuads, // of channels
  exists: bool,
}

// The number of tiles of results with this many pixels and quads of channels.
fn convTiles(pixels: u32, channelQuads: u32) -> u32 {
  return ((pixels + tilePixels - 1u) / tilePixels) * ((channelQuads + tileSide - 1u) / tileSide);
}

// The tile of an invocation, of results with this many pixels and quads of channels; the tiles of a pixel are adjacent.
fn convTile(id: u32, pixels: u32, channelQuads: u32) -> ConvTile {
  let across = (channelQuads + tileSide - 1u) / tileSide;
  let pixel = tilePixels * (id / across);
  return ConvTile(pixel, tileQuads(id % across, channelQuads), pixel < pixels);
}
