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
 * order of PyTorch's pixel_unshuffle.
 */
export function pixelsToChannels(images: ArrayLike<number>, blocks: PixelBlocks): Float64Array {
  const result = new Float64Array(images.length);
  forEachValue(images.length, blocks, (pixel, channel) => {
    result[channel] = at(images, pixel);
  });
  return result;
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
