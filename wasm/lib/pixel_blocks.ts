// Pictures [rows, columns, channels] as planes for convolutions: the pixels of a block become channels.
// Twin: shaders/lib/pixel_blocks.wgsl.

// @ts-ignore: decorator
@unmanaged
export class PixelBlocks {
  images: u32;
  rows: u32; // of a picture
  columns: u32;
  channels: u32; // of a picture
  block: u32; // pixels on a side of a block
  imageWords: u32; // quads of a picture
  plane: u32; // the offset in activations of the planes
  pictures: u32; // the offset in activations of the pictures
  strengths: u32; // the offset in activations of the strengths of the noise, a quad for each picture; 0 for none
}

/** Channels of the planes, without that of the strength. */
// @ts-ignore: decorator
@inline
export function planeChannels(blocks: PixelBlocks): u32 {
  return blocks.channels * blocks.block * blocks.block;
}

/** The index among a picture's values of a channel of a plane's pixel. */
// @ts-ignore: decorator
@inline
export function valueOf(blocks: PixelBlocks, row: u32, column: u32, channel: u32): u32 {
  if (blocks.block == 1) return (row * blocks.columns + column) * blocks.channels + channel;
  const area = blocks.block * blocks.block;
  const inBlock = channel % area;
  const y = row * blocks.block + inBlock / blocks.block;
  const x = column * blocks.block + (inBlock % blocks.block);
  return (y * blocks.columns + x) * blocks.channels + channel / area;
}
