// The pictures of a batch as planes for convolutions: the pixels of a block become channels, and so does the strength of the noise.
//
//   blocks       PixelBlocks
//   activations  pictures at 0: [images, imageWords]; strengths, if there are any; planes
//
// Job: 16 pixels of the planes.
// Twin: shaders/pixels_to_channels.wgsl. Reference: src/reference/pixels-to-channels.ts
import { planePixels } from "./lib/conv_layer";
import { quadAt } from "./lib/layer";
import { PixelBlocks, planeChannels, valueOf } from "./lib/pixel_blocks";
import { quads } from "./lib/rows";

export function pixels_to_channels(
  first: u32,
  end: u32,
  across: u32,
  blocks: PixelBlocks,
  activations: usize,
): void {
  const rows = blocks.rows / blocks.block;
  const columns = blocks.columns / blocks.block;
  const channels = planeChannels(blocks);
  const stride = quads(channels + (blocks.strengths != 0 ? 1 : 0));
  const last = min<u32>(16 * end, planePixels(blocks.images, rows, columns));
  for (let pixel: u32 = 16 * first; pixel < last; pixel++) {
    const line = pixel / (columns + 1);
    const column = pixel - line * (columns + 1);
    const image = line / (rows + 1);
    const row = line - image * (rows + 1);
    if (column == columns || row == rows) continue;
    const from = quadAt(activations, image * blocks.imageWords);
    const to = quadAt(activations, blocks.plane + pixel * stride);
    for (let channel: u32 = 0; channel < channels; channel++) {
      const value = valueOf(blocks, row, column, channel);
      store<f32>(to + 4 * <usize>channel, load<f32>(from + 4 * <usize>value));
    }
    if (blocks.strengths == 0) continue;
    store<f32>(to + 4 * <usize>channels, load<f32>(quadAt(activations, blocks.strengths + image)));
  }
}
