import type { ImageSet } from "../data/image-set.ts";
import { Buffers } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { quads } from "../math/layout.ts";

/** Images on the device: bytes, four a word; each image starts at a word. */
export class ImageBuffers {
  readonly count: number;
  readonly pixels: number;
  readonly clean: GPUBuffer;
  /** The measured noisy twins; the clean images themselves where there are none. */
  readonly noisy: GPUBuffer;
  readonly #buffers: Buffers;

  constructor(gpu: Gpu, label: string, clean: ImageSet, noisy?: ImageSet) {
    this.#buffers = new Buffers(gpu);
    this.count = clean.count;
    this.pixels = clean.rows * clean.columns;
    this.clean = this.#buffers.storageOf(`${label}.clean`, packImages(clean));
    this.noisy = noisy ? this.#buffers.storageOf(`${label}.noisy`, packImages(noisy)) : this.clean;
  }

  destroy(): void {
    this.#buffers.destroy();
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
