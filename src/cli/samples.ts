import { type Images, sourceOf } from "../data/image-source.ts";
import { toBytes } from "../data/pixel-bytes.ts";
import type { Trainer } from "../training/trainer.ts";
import { cut, sheetPng } from "./pictures.ts";

const sampleCount = 10;

/** samples.png: a row of noisy validation images, a row of them denoised, and a row of the clean ones. */
export async function samplesPng(trainer: Trainer, validation: Images): Promise<Uint8Array> {
  const chosen = chooseSamples(validation);
  const size = validation.rows * validation.columns;
  const { noisy, denoised } = await trainer.preview(chosen);
  const clean = new Uint8Array(chosen.length * size);
  await sourceOf(validation).read(Uint32Array.from(chosen), clean, size);
  const pictures = [noisy, denoised].flatMap((values) => cut(toBytes(values), size));
  return sheetPng([...pictures, ...cut(clean, size)], validation, chosen.length);
}

/** The numbers of ten images (all, if there are fewer): one of each label in the labels' order, then the first others. */
export function chooseSamples({ count, labels }: Images): number[] {
  const firstOfLabel = new Map<number, number>();
  labels?.forEach((label, image) => {
    if (!firstOfLabel.has(label)) firstOfLabel.set(label, image);
  });
  const byLabel = [...firstOfLabel].sort(([a], [b]) => a - b).map(([, image]) => image);
  const first = Array.from({ length: Math.min(count, sampleCount) }, (_, image) => image);
  return [...new Set([...byLabel, ...first])].slice(0, sampleCount);
}
