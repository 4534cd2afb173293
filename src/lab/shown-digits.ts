import { meanPsnr } from "../metrics/psnr.ts";
import type { Pictures, ValidationImages } from "./worker/training-service.ts";

/** A validation digit before and after the network; pictures are [rows, columns] in [0, 1], PSNR in dB. */
export interface ShownDigit {
  /** Its number among the validation images. */
  readonly image: number;
  readonly label: number;
  readonly rows: number;
  readonly columns: number;
  readonly noisy: Float32Array;
  readonly denoised: Float32Array;
  readonly clean: Float32Array;
  readonly noisyPsnr: number;
  readonly denoisedPsnr: number;
}

/** The digits of `pictures`, each with its clean picture, its label and how near it came. */
export function shownDigits(
  validation: ValidationImages | undefined,
  pictures: Pictures | undefined,
): readonly ShownDigit[] {
  if (!validation || !pictures) return [];
  const { rows, columns, pixels, labels } = validation;
  const size = rows * columns;
  return pictures.images.map((image, place) => {
    const noisy = pictures.noisy.subarray(place * size, (place + 1) * size);
    const denoised = pictures.denoised.subarray(place * size, (place + 1) * size);
    const clean = Float32Array.from(pixels.subarray(image * size, (image + 1) * size), (byte) => byte / 255);
    return {
      image,
      label: labels[image] ?? 0,
      rows,
      columns,
      noisy,
      denoised,
      clean,
      noisyPsnr: meanPsnr(noisy, clean, size),
      denoisedPsnr: meanPsnr(denoised, clean, size),
    };
  });
}

/** The mean over the digits of their PSNR, as a validation's figure is one. */
export function meanPsnrs(digits: readonly ShownDigit[]): { noisy: number; denoised: number } | undefined {
  if (digits.length === 0) return undefined;
  const mean = (of: (digit: ShownDigit) => number) =>
    digits.reduce((sum, digit) => sum + of(digit), 0) / digits.length;
  return { noisy: mean(({ noisyPsnr }) => noisyPsnr), denoised: mean(({ denoisedPsnr }) => denoisedPsnr) };
}
