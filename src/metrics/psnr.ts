import { squaredError } from "./mse.ts";
import { pairedMean } from "./paired-mean.ts";

/** Peak signal-to-noise ratio in dB of images in [0, 1] (peak 1), from their mean squared error; Infinity at 0. */
export function psnr(mse: number): number {
  return 10 * Math.log10(1 / mse);
}

/**
 * The mean over images of each image's PSNR in dB; both arrays are [images, pixelsPerImage].
 * A single image without any error makes it Infinity.
 */
export function meanPsnr(
  output: ArrayLike<number>,
  clean: ArrayLike<number>,
  pixelsPerImage: number,
): number {
  const images = output.length / pixelsPerImage;
  if (!Number.isInteger(images) || images < 1) {
    throw new RangeError(`${output.length} values are not whole images of ${pixelsPerImage} pixels.`);
  }
  let sum = 0;
  for (let start = 0; start < output.length; start += pixelsPerImage) {
    sum += psnr(pairedMean(output, clean, squaredError, start, start + pixelsPerImage));
  }
  return sum / images;
}
