import { meanPsnr } from "../metrics/psnr.ts";
import { imageValues } from "../spec/network.ts";
import type { Trainer } from "../training/trainer.ts";

/** Pixels compared at a time, to limit the memory. */
const slicePixels = 2 ** 21;

/** The mean PSNR in dB of the noisy validation images: the PSNR without denoising. */
export async function noisyPsnr(
  trainer: Pick<Trainer, "imageCounts" | "network" | "preview">,
): Promise<number> {
  const size = imageValues(trainer.network);
  const count = trainer.imageCounts.validation;
  const slice = Math.max(1, Math.floor(slicePixels / size));
  let sum = 0;
  for (let start = 0; start < count; start += slice) {
    const images = Array.from({ length: Math.min(slice, count - start) }, (_, index) => start + index);
    const { noisy, clean } = await trainer.preview(images);
    sum += meanPsnr(noisy, clean, size) * images.length;
  }
  return sum / count;
}
