import { meanPsnr } from "../../metrics/psnr.ts";
import type { Pictures } from "../protocol.ts";

/** A validation image before and after the network; pictures are [rows, columns], black at 0 and white at 1, PSNR in dB. */
export interface ShownImage {
  /** Its number among the validation images. */
  readonly image: number;
  /** Undefined where the images have none. */
  readonly label: number | undefined;
  readonly rows: number;
  readonly columns: number;
  readonly noisy: Float32Array;
  readonly denoised: Float32Array;
  readonly clean: Float32Array;
  readonly noisyPsnr: number;
  readonly denoisedPsnr: number;
}

/** The images of `pictures`, each with how near it came. */
export function shownImages(pictures: Pictures | undefined): readonly ShownImage[] {
  if (!pictures) return [];
  const { images, labels, rows, columns } = pictures;
  const size = rows * columns;
  return images.map((image, place) => {
    const partOf = (values: Float32Array) => values.subarray(place * size, (place + 1) * size);
    const clean = partOf(pictures.clean);
    const noisy = partOf(pictures.noisy);
    const denoised = partOf(pictures.denoised);
    return {
      image,
      label: labels?.[place],
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

/** The mean over the images of their PSNR, as a validation's figure is one. */
export function meanPsnrs(images: readonly ShownImage[]): { noisy: number; denoised: number } | undefined {
  if (images.length === 0) return undefined;
  const mean = (of: (image: ShownImage) => number) =>
    images.reduce((sum, image) => sum + of(image), 0) / images.length;
  return { noisy: mean(({ noisyPsnr }) => noisyPsnr), denoised: mean(({ denoisedPsnr }) => denoisedPsnr) };
}
