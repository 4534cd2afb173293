import type { Picture } from "../data/picture.ts";
import type { PictureSet, SampledPicture } from "../data/picture-set.ts";
import { createTrainer } from "../engine/create-trainer.ts";
import type { Engine } from "../engine/engine.ts";
import { InputError } from "../spec/input-error.ts";
import { parseLayers } from "../spec/layer-text.ts";
import type { LayerWeights, Model } from "../spec/network.ts";
import { noNoise } from "../spec/noise.ts";
import { defaultOptimizers } from "../spec/optimizer.ts";
import { defaultTraining, type TrainingSpec } from "../spec/settings.ts";
import type { PictureData } from "../training/run-data.ts";
import type { Progress } from "../training/trainer.ts";
import { type Half, halves } from "./halves.ts";

/**
 * The range of `steps`, and that of its default, which is proportional to the number of pixels: `most` for 256 x 256 pixels and more,
 * about a minute on two cores.
 */
export const selfSteps = { min: 20, max: 1_000_000, least: 300, most: 3000 } as const;

/** The number of pixels from which the default is `most`. */
const manyPixels = 256 * 256;

/** The smallest side of a picture to learn from, in pixels. */
const leastSide = 16;

/** The side of a patch of the halves in pixels; smaller if the halves are. */
const patchSide = 32;

const batch = 4;

/** The standard deviation of the network's input. */
const usualDeviation = 0.2;

/** The number of parts of a training; after each, its network can be shown. */
const parts = 20;

/** Options of learning from pictures. */
export interface SelfTask {
  /** Training steps, 20 to 1,000,000, a multiple of 20. Default: `usualSteps`. */
  readonly steps?: number | undefined;
  /** Aborting it ends the training early; the network at that step is returned. */
  readonly signal?: AbortSignal | undefined;
  /** Called during the training and at its end with the completed share, 0 to 1, and the number of steps. */
  readonly onProgress?: ((done: number, steps: number) => void) | undefined;
  /** Called after every twentieth of the training with the current network. Training continues when the promise is resolved. */
  readonly onModel?: ((model: Model) => Promise<void>) | undefined;
}

/**
 * Trains a small network to denoise pictures, from these noisy pictures alone. The noise must be independent from pixel to pixel and have
 * a mean of zero; its strength and kind do not matter. Each picture is split into two halves of a checkerboard, along its rows and
 * again along its columns; the network learns to predict either half from the other (Noise2Fast, Lequyer et al. 2022,
 * "A fast blind zero-shot denoiser"). Pictures are in any range. Throws an InputError if one is smaller than 16 x 16 pixels.
 */
export async function learnFromPictures(
  engine: Engine,
  pictures: readonly Picture[],
  { steps = usualSteps(pictures), signal, onProgress, onModel }: SelfTask = {},
): Promise<Model> {
  const scale = scaleOf(pictures);
  const split = pictures.map((picture) => halves(picture, scale));
  const spec = specOf(pictures, steps);
  const stepsPerPart = spec.patches.count / batch;
  const trainer = await createTrainer(engine, spec, pairs(split.flat()));
  const model = async () => unscaled(await trainer.weights(), scale);
  const tell = ({ epoch, epochs, step, stepsPerEpoch }: Progress) =>
    onProgress?.(
      (epoch + step / stepsPerEpoch) / epochs,
      epoch * stepsPerPart + Math.min(step, stepsPerPart),
    );
  try {
    const reports = trainer.epochs(signal, tell);
    for await (const { record } of reports) {
      if (record.epoch < trainer.spec.epochs) await onModel?.(await model());
    }
    tell(trainer.progress);
    return await model();
  } finally {
    trainer.destroy();
  }
}

/**
 * The default number of training steps: 3000 for 65,536 pixels or more in total; for fewer, in proportion to the pixels, because a
 * network quickly overfits the noise of a small picture; at least 300.
 */
export function usualSteps(pictures: readonly Pick<Picture, "rows" | "columns">[]): number {
  const pixels = pictures.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  const { least, most } = selfSteps;
  return Math.min(most, Math.max(least, parts * Math.round((most * pixels) / manyPixels / parts)));
}

/** Throws an InputError that names a picture too small to learn from. */
export function checkLargeEnough({ rows, columns }: Pick<Picture, "rows" | "columns">, name: string): void {
  if (Math.min(rows, columns) >= leastSide) return;
  throw new InputError(
    `${name} has ${columns} x ${rows} pixels, too few to learn from: at least ${leastSide} x ${leastSide} are needed.`,
  );
}

function specOf(pictures: readonly Picture[], steps: number) {
  const smallest = Math.min(...pictures.map(({ rows, columns }) => Math.min(rows, columns)));
  const count = (batch * steps) / parts;
  const side = Math.min(patchSide, smallest >> 1);
  return {
    ...defaultTraining,
    ...{ hidden: parseLayers("conv:32x4"), output: "residual", initialization: "he", loss: "mse" },
    ...{ noise: noNoise, noise2noise: true, epochs: parts, batch },
    optimizer: { ...defaultOptimizers.adam, lr: 0.003 },
    schedule: { kind: "cosine" },
    patches: { side, count, validation: batch, flips: true },
  } satisfies TrainingSpec;
}

/** The halves as pictures and noisy twins. Nothing is held out, because the training is short. */
function pairs(split: readonly { readonly one: Half; readonly other: Half }[]): PictureData {
  const set = (name: string, chosen: readonly Half[]): PictureSet => ({
    name,
    channels: chosen[0]?.channels ?? 1,
    pictures: chosen.map((half): SampledPicture => ({ ...half, name })),
    format: { bits: 32, range: { low: 0, high: 1 } },
  });
  const ones = set(
    "one half",
    split.map(({ one }) => one),
  );
  const others = set(
    "the other half",
    split.map(({ other }) => other),
  );
  return { train: ones, noisyTrain: others, validation: ones, noisyValidation: others };
}

/**
 * The factor for all values, so that the network learns dark and faint pictures as well as others. It makes the standard deviation 0.2,
 * or the root mean square 0.5 if that factor is smaller, because convolutions pad pictures with zeros.
 */
function scaleOf(pictures: readonly Picture[]): number {
  let [sum, squares, count] = [0, 0, 0];
  for (const { values } of pictures) {
    for (const value of values) {
      sum += value;
      squares += value * value;
    }
    count += values.length;
  }
  const square = squares / count;
  const variance = square - (sum / count) ** 2;
  return variance > 0 ? Math.min(usualDeviation / Math.sqrt(variance), 0.5 / Math.sqrt(square)) : 1;
}

/** The network for unscaled pictures: y = x - z(s x) / s. */
function unscaled({ network, layers }: Model, scale: number): Model {
  const times = ({ weight, bias }: LayerWeights, ofWeight: number, ofBias: number): LayerWeights => ({
    weight: weight.map((value) => value * ofWeight),
    bias: bias.map((value) => value * ofBias),
  });
  const last = layers.length - 1;
  return {
    network,
    layers: layers.map((layer, index) => {
      if (index === 0) return times(layer, scale, 1);
      return index === last ? times(layer, 1 / scale, 1 / scale) : layer;
    }),
  };
}
