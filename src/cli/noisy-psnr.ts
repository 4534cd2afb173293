import type { ImageSet } from "../data/image-set.ts";
import { meanPsnr } from "../metrics/psnr.ts";
import type { Trainer } from "../training/trainer.ts";

/** Pixels compared at a time, so that memory stays bounded. */
const slicePixels = 2 ** 21;

/** The mean PSNR in dB of the validation images as the network gets them: what doing nothing scores. */
export async function noisyPsnr(
  trainer: Trainer,
  { count, rows, columns, pixels }: ImageSet,
): Promise<number> {
  const size = rows * columns;
  const slice = Math.max(1, Math.floor(slicePixels / size));
  let sum = 0;
  for (let start = 0; start < count; start += slice) {
    const images = Array.from({ length: Math.min(slice, count - start) }, (_, index) => start + index);
    const { noisy } = await trainer.preview(images);
    const bytes = pixels.subarray(start * size, (start + images.length) * size);
    const clean = Float32Array.from(bytes, (byte) => byte / 255);
    sum += meanPsnr(noisy, clean, size) * images.length;
  }
  return sum / count;
}
