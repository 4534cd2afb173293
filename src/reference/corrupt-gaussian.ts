import { normal4 } from "../math/normal.ts";
import { philox } from "../math/philox.ts";
import type { Stream } from "../math/streams.ts";
import { gatherBatch } from "./gather-batch.ts";

/** Whose noise it is: the same key gives the same noise on every image and pixel. */
export interface NoiseKey {
  readonly seed: number;
  readonly stream: Stream;
  readonly epoch: number;
}

/** Rows [images.length, pixels] in [0, 1]: clip(image + factor * N(0, 1)). */
export function corruptGaussian(
  bytes: ArrayLike<number>,
  pixels: number,
  images: ArrayLike<number>,
  factor: number,
  { seed, stream, epoch }: NoiseKey,
): Float64Array {
  const rows = gatherBatch(bytes, pixels, images);
  for (let row = 0; row < images.length; row++) {
    for (let pixel = 0; pixel < pixels; pixel += 4) {
      const normals = normal4(philox([pixel / 4, images[row] ?? 0, epoch, 0], [seed, stream]));
      for (let i = 0; i < 4 && pixel + i < pixels; i++) {
        const index = row * pixels + pixel + i;
        rows[index] = Math.min(1, Math.max(0, (rows[index] ?? 0) + factor * (normals[i] ?? 0)));
      }
    }
  }
  return rows;
}
