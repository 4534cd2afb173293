import type { ImageSet } from "../data/image-set.ts";
import type { Buffers } from "../gpu/buffers.ts";
import { quads } from "../math/layout.ts";

/** Images on the device: bytes, four a word; each image starts at a word. */
export class ImageBuffers {
  readonly count: number;
  readonly pixels: number;
  readonly clean: GPUBuffer;
  /** The measured noisy twins; the clean images themselves where there are none. */
  readonly noisy: GPUBuffer;

  /** Allocates from `buffers`; throws an InputError when the adapter's limits are too low for the images. */
  constructor(buffers: Buffers, label: string, clean: ImageSet, noisy?: ImageSet) {
    this.count = clean.count;
    this.pixels = clean.rows * clean.columns;
    this.clean = buffers.storageOf(`${label}.clean`, packImages(clean));
    this.noisy = noisy ? buffers.storageOf(`${label}.noisy`, packImages(noisy)) : this.clean;
  }
}

/** Fills every image up to whole words. */
export function packImages({ count, rows, columns, pixels }: ImageSet): Uint8Array<ArrayBuffer> {
  const size = rows * columns;
  const stride = 4 * quads(size);
  if (stride === size) return pixels;
  const packed = new Uint8Array(count * stride);
  for (let image = 0; image < count; image++) {
    packed.set(pixels.subarray(image * size, (image + 1) * size), image * stride);
  }
  return packed;
}
