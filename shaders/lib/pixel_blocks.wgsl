// Pictures [rows, columns, channels] as planes for convolutions, see conv_layer.wgsl: the pixels of a block of block x block
// become channels, in the order of PyTorch's pixel_unshuffle. Reference: src/reference/pixels-to-channels.ts.
struct PixelBlocks {
  images: u32,
  rows: u32,       // of a picture
  columns: u32,
  channels: u32,   // of a picture
  block: u32,      // pixels on a side of a block
  imageWords: u32, // quads of a picture
  plane: u32,      // the offset in activations of the planes
  pictures: u32,   // the offset in activations of the pictures
  strengths: u32,  // the offset in activations of the strengths of the noise, a quad for each picture; 0 for none
}

// Channels of the planes, without that of the strength.
fn planeChannels(blocks: PixelBlocks) -> u32 { return blocks.channels * blocks.block * blocks.block; }

// The index among a picture's values of a channel of a plane's pixel.
fn valueOf(blocks: PixelBlocks, row: u32, column: u32, channel: u32) -> u32 {
  let inBlock = channel % (blocks.block * blocks.block);
  let y = row * blocks.block + inBlock / blocks.block;
  let x = column * blocks.block + inBlock % blocks.block;
  return (y * blocks.columns + x) * blocks.channels + channel / (blocks.block * blocks.block);
}
