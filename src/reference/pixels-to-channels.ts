import { at } from "./elements.ts";

/** How the pixels of images are channels: [rows, columns] of an image, its channels, and the sides of a block of pixels. */
export interface PixelBlocks {
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  readonly block: number;
}

/**
 * Images [rows, columns, channels] as [rows / block, columns / block, channels * block * block]: the pixels of a block become channels, in the
 * order of PyTorch's pixel_unshuffle. If the strengths of the noise are given, one for each image, they are the last channel.
 */
export function pixelsToChannels(
  images: ArrayLike<number>,
  blocks: PixelBlocks,
  strengths?: ArrayLike<number>,
): Float64Array {
  const planes = new Float64Array(images.length);
  forEachValue(images.length, blocks, (pixel, channel) => {
    planes[channel] = at(images, pixel);
  });
  if (!strengths) return planes;
  const channels = blocks.channels * blocks.block ** 2;
  const image = blocks.rows * blocks.columns * blocks.channels;
  return Float64Array.from({ length: (planes.length / channels) * (channels + 1) }, (_, place) => {
    const pixel = Math.floor(place / (channels + 1));
    const channel = place % (channels + 1);
    if (channel === channels) return at(strengths, Math.floor((pixel * channels) / image));
    return at(planes, pixel * channels + channel);
  });
}

/** Calls `visit` with the index of each value in the images and among the channels. */
export function forEachValue(
  count: number,
  { rows, columns, channels, block }: PixelBlocks,
  visit: (pixel: number, channel: number) => void,
): void {
  const across = columns / block;
  const deep = channels * block * block;
  for (let place = 0; place < count; place++) {
    const c = place % channels;
    const x = Math.floor(place / channels) % columns;
    const y = Math.floor(place / channels / columns) % rows;
    const image = Math.floor(place / channels / columns / rows);
    const cell = (image * (rows / block) + Math.floor(y / block)) * across + Math.floor(x / block);
    visit(place, cell * deep + (c * block + (y % block)) * block + (x % block));
  }
}
