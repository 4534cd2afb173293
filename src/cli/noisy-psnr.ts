import { type Images, sourceOf } from "../data/image-source.ts";
import { fromBytes } from "../data/pixel-bytes.ts";
import { meanPsnr } from "../metrics/psnr.ts";
import type { Trainer } from "../training/trainer.ts";

/** Pixels compared at a time, so that memory stays bounded. */
const slicePixels = 2 ** 21;

/** The mean PSNR in dB of the validation images as the network gets them: what doing nothing scores. */
export async function noisyPsnr(trainer: Trainer, validation: Images): Promise<number> {
  const { count, rows, columns, read } = sourceOf(validation);
  const size = rows * columns;
  const slice = Math.max(1, Math.floor(slicePixels / size));
  let sum = 0;
  for (let start = 0; start < count; start += slice) {
    const images = Uint32Array.from({ length: Math.min(slice, count - start) }, (_, index) => start + index);
    const { noisy } = await trainer.preview([...images]);
    const bytes = new Uint8Array(images.length * size);
    await read(images, bytes, size);
    sum += meanPsnr(noisy, fromBytes(bytes), size) * images.length;
  }
  return sum / count;
}
