import { toBytes } from "../data/contact-sheet.ts";
import type { ImageSet } from "../data/image-set.ts";
import type { Trainer } from "../training/trainer.ts";
import { cut, sheetPng } from "./pictures.ts";

const sampleCount = 10;

/** samples.png: a row of noisy validation images, a row of them denoised, and a row of the clean ones. */
export async function samplesPng(trainer: Trainer, validation: ImageSet): Promise<Uint8Array> {
  const chosen = chooseSamples(validation);
  const size = validation.rows * validation.columns;
  const { noisy, denoised } = await trainer.preview(chosen);
  const clean = chosen.map((image) => validation.pixels.subarray(image * size, (image + 1) * size));
  const pictures = [...cut(toBytes(noisy), size), ...cut(toBytes(denoised), size), ...clean];
  return sheetPng(pictures, validation, chosen.length);
}

/** The numbers of ten images (all, if there are fewer): one of each label in the labels' order, then the first others. */
export function chooseSamples({ count, labels }: ImageSet): number[] {
  const firstOfLabel = new Map<number, number>();
  labels?.forEach((label, image) => {
    if (!firstOfLabel.has(label)) firstOfLabel.set(label, image);
  });
  const byLabel = [...firstOfLabel].sort(([a], [b]) => a - b).map(([, image]) => image);
  const first = Array.from({ length: Math.min(count, sampleCount) }, (_, image) => image);
  return [...new Set([...byLabel, ...first])].slice(0, sampleCount);
}
