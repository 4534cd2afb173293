import { toBytes } from "../data/pixel-bytes.ts";
import { imageValues } from "../spec/network.ts";
import type { Trainer } from "../training/trainer.ts";
import { cut, sheetPng } from "./pictures.ts";

const sampleCount = 10;

/** samples.png: a row of noisy validation images (or patches), a row of them denoised, and a row of the clean ones. */
export async function samplesPng(
  trainer: Pick<Trainer, "imageCounts" | "network" | "preview">,
  labels?: Uint8Array,
): Promise<Uint8Array> {
  const chosen = chooseSamples(trainer.imageCounts.validation, labels);
  const { channels } = trainer.network;
  const [rows, columns] = trainer.network.image;
  const { noisy, denoised, clean } = await trainer.preview(chosen);
  const pictures = [noisy, denoised, clean].flatMap((values) =>
    cut(toBytes(values), imageValues(trainer.network)),
  );
  return sheetPng(pictures, { rows, columns, channels }, chosen.length);
}

/** The indices of ten images, or all if there are fewer: one of each label in the labels' order, then the first others. */
function chooseSamples(count: number, labels?: Uint8Array): number[] {
  const firstOfLabel = new Map<number, number>();
  labels?.forEach((label, image) => {
    if (!firstOfLabel.has(label)) firstOfLabel.set(label, image);
  });
  const byLabel = [...firstOfLabel].sort(([a], [b]) => a - b).map(([, image]) => image);
  const first = Array.from({ length: Math.min(count, sampleCount) }, (_, image) => image);
  return [...new Set([...byLabel, ...first])].slice(0, sampleCount);
}
