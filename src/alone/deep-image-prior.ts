import type { Picture, PictureSize } from "../data/picture.ts";
import type { PictureSet } from "../data/picture-set.ts";
import { createTrainer } from "../engine/create-trainer.ts";
import type { Engine } from "../engine/engine.ts";
import { philox, unitInterval } from "../math/philox.ts";
import { streams } from "../math/streams.ts";
import { blindSpots } from "../reference/blind-spots.ts";
import { spotAlone } from "../spec/blind-spots.ts";
import { InputError } from "../spec/input-error.ts";
import { parseLayers } from "../spec/layer-text.ts";
import { noNoise } from "../spec/noise.ts";
import { defaultOptimizers } from "../spec/optimizer.ts";
import { patchLimits } from "../spec/patch.ts";
import { defaultTraining, type TrainingSpec } from "../spec/settings.ts";

/** The network: a U-Net of three levels, each with a skip to the decoder. */
export const priorLayers = "conv:16,conv:32/2,conv:64/2,conv:64/2,conv:64,up:64+3,up:32+2,up:16+1,conv:16";

/** The sides of a picture are multiples of this, because the network halves them three times. */
export const priorMultiple = 8;

/** Steps between two previews of the output. */
const stepsPerPreview = 10;

/** Draws of held-out pixels, each of about 2 % of them. */
const draws = 3;

/** The weight of the earlier outputs in the running mean of the previews. */
const smoothing = 0.8;

/** The training ends if the error of the held-out pixels has not fallen for this many previews. */
const patience = 15;

/** The output of the network after some steps. */
export interface PriorLook {
  /** Training steps so far. */
  readonly step: number;
  /** The mean of the latest outputs, [rows, columns, channels] in [0, 1]. */
  readonly picture: Picture;
  /** The mean squared error of `picture` at the held-out pixels: it is lowest near the best picture. */
  readonly heldOut: number;
  /** Whether this is the lowest error so far. */
  readonly isBest: boolean;
}

export interface PriorTask {
  /** The seed of the weights, the input noise and the held-out pixels, 0 to 2^32 - 1. Default: 0. */
  readonly seed?: number | undefined;
  /** The most training steps, a multiple of 10. Default: 2000. */
  readonly steps?: number | undefined;
  /** Whether training continues to the last step although the output becomes worse again. Default: no. */
  readonly toTheEnd?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Deep Image Prior (Ulyanov et al. 2018, arXiv:1711.10925): an untrained network with skips is fitted to one noisy picture, with fixed
 * random numbers as input. It reproduces regular structures before the noise, so its output is best before the training ends. About 6 %
 * of the pixels are held out of the loss; the error there shows when to stop. Yields a preview every ten steps, until the held-out error
 * has not fallen for 150 steps, `steps` are done or the signal is aborted. The picture must be square, with sides of at most 256 pixels
 * and a multiple of 8; otherwise an InputError is thrown.
 */
export async function* deepImagePrior(
  engine: Engine,
  picture: Picture,
  { seed = 0, steps = 2000, toTheEnd = false, signal }: PriorTask = {},
): AsyncGenerator<PriorLook, void, undefined> {
  checkSquare(picture);
  const { values } = picture;
  const size = { rows: picture.rows, columns: picture.columns, channels: picture.channels };
  const heldOut = holdOut(size, seed);
  const set = (name: string, pixels: Float32Array<ArrayBuffer>): PictureSet => ({
    name,
    channels: size.channels,
    pictures: [{ ...size, name, pixels }],
    format: { bits: 32, range: { low: 0, high: 1 } },
  });
  const levels = levelsOf(values);
  const target = set("the picture", values.map(levels.toNetwork));
  const noise = set("the noise", randomNumbers(values.length, seed));
  const trainer = await createTrainer(engine, specOf(size.rows, { seed, steps }), {
    ...{ train: target, validation: target, noisyTrain: noise, noisyValidation: noise },
    counted: heldOut.map((one) => 1 - one),
  });
  try {
    let mean: Float32Array<ArrayBuffer> | undefined;
    let best = { error: Number.POSITIVE_INFINITY, preview: 0 };
    for await (const { record } of trainer.epochs(signal)) {
      const { denoised } = await trainer.preview([0]);
      const before = mean;
      mean = denoised.map((output, place) => {
        const value = levels.toPicture(output);
        return before ? smoothing * (before[place] ?? 0) + (1 - smoothing) * value : value;
      });
      const error = errorAt(heldOut, mean, values);
      const isBest = error < best.error;
      if (isBest) best = { error, preview: record.epoch };
      yield {
        step: record.epoch * stepsPerPreview,
        picture: { ...size, values: mean },
        heldOut: error,
        isBest,
      };
      if (!toTheEnd && record.epoch - best.preview >= patience) return;
    }
  } finally {
    trainer.destroy();
  }
}

/** Conversions between the values of a picture and those of the network. */
interface Levels {
  readonly toNetwork: (value: number) => number;
  /** In [0, 1]. */
  readonly toPicture: (output: number) => number;
}

/**
 * The target of the network has a mean of 0.5 and reaches 0 or 1. The first outputs are near 0.5; for a dark or bright target, the first
 * steps would deactivate units permanently.
 */
function levelsOf(values: Float32Array): Levels {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const farthest = values.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0);
  const scale = farthest > 0 ? 0.5 / farthest : 1;
  return {
    toNetwork: (value) => 0.5 + scale * (value - mean),
    toPicture: (output) => Math.min(1, Math.max(0, mean + (output - 0.5) / scale)),
  };
}

/** [rows, columns, channels]: 1 for the held-out values, which are those of blind spots, and 0 for others. */
function holdOut(size: PictureSize, seed: number): Uint8Array {
  const values = new Float64Array(size.rows * size.columns * size.channels);
  const held = new Uint8Array(values.length);
  for (let epoch = 0; epoch < draws; epoch++) {
    const key = { seed, stream: streams.validationNoise, epoch };
    const { counted } = blindSpots(values, size, spotAlone, [0], key);
    counted.forEach((one, place) => {
      if (one === 1) held[place] = 1;
    });
  }
  return held;
}

function checkSquare({ rows, columns }: Picture): void {
  if (rows === columns && rows <= patchLimits.side && rows % priorMultiple === 0) return;
  throw new InputError(
    `The picture must be square, of at most ${patchLimits.side} x ${patchLimits.side} pixels and a multiple of ${priorMultiple}, but it has ${columns} x ${rows}.`,
  );
}

function specOf(
  side: number,
  { seed, steps }: { readonly seed: number; readonly steps: number },
): TrainingSpec {
  return {
    ...defaultTraining,
    ...{ hidden: parseLayers(priorLayers), output: "sigmoid", initialization: "he", loss: "mse" },
    ...{ noise: noNoise, epochs: Math.ceil(steps / stepsPerPreview), batch: 1, seed },
    optimizer: { ...defaultOptimizers.adam, lr: 0.006 },
    // A patch of the picture's size is the whole picture.
    patches: { side, count: stepsPerPreview, validation: 1, flips: false },
  };
}

/** Uniform numbers between 0 and 0.1, as in the paper: with ten times as much, the best picture is up to 1 dB worse. */
function randomNumbers(count: number, seed: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    { length: count },
    (_, place) => 0.1 * unitInterval(philox([place, 0, 0, 0], [seed, streams.trainingNoise])[0]),
  );
}

/** The mean squared error of the counted values. */
function errorAt(counted: Uint8Array, picture: Float32Array, values: Float32Array): number {
  let [squares, count] = [0, 0];
  counted.forEach((one, place) => {
    squares += one * ((picture[place] ?? Number.NaN) - (values[place] ?? Number.NaN)) ** 2;
    count += one;
  });
  return squares / count;
}
