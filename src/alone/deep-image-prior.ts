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

/** The network: three floors down and up again, each with a skip to the other side. */
export const priorLayers = "conv:16,conv:32/2,conv:64/2,conv:64/2,conv:64,up:64+3,up:32+2,up:16+1,conv:16";

/** The sides of a picture are multiples of this, because the network halves them three times. */
export const priorMultiple = 8;

/** Steps from one look at the output to the next. */
const stepsPerLook = 10;

/** Draws of held-out pixels, each of about 2 % of them. */
const draws = 3;

/** The share of the earlier outputs in the mean of the outputs, from look to look. */
const smoothing = 0.8;

/** The search ends if the error of the held-out pixels has not fallen for this many looks. */
const patience = 15;

/** The output of the network after some steps. */
export interface PriorLook {
  /** Training steps so far. */
  readonly step: number;
  /** The mean of the latest outputs, [rows, columns, channels] in [0, 1]. */
  readonly picture: Picture;
  /** The mean squared error of `picture` at the pixels that are held out: it is lowest near the clearest picture. */
  readonly heldOut: number;
  /** Whether that is the lowest error so far. */
  readonly isBest: boolean;
}

export interface PriorTask {
  /** 0 to 2^32 - 1; of the weights, the noise that the network sees and the held-out pixels. Default: 0. */
  readonly seed?: number | undefined;
  /** The most training steps, a multiple of 10. Default: 2000. */
  readonly steps?: number | undefined;
  /** Whether the steps go on to the last one although the picture becomes worse again. Default: no. */
  readonly toTheEnd?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Deep Image Prior (Ulyanov et al. 2018, arXiv:1711.10925): a network with skips learns to paint one noisy picture from fixed random
 * numbers. It paints what is regular before it paints the noise, so the picture is clearest midway. About 6 % of the pixels are held
 * out of the loss, and the error there shows when to stop. Yields a look every
 * ten steps, until the held-out error has risen for long, `steps` are done or the signal is aborted. The picture must be square, of at
 * most 256 x 256 pixels and a multiple of 8; otherwise an InputError is thrown.
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
    let best = { error: Number.POSITIVE_INFINITY, look: 0 };
    for await (const { record } of trainer.epochs(signal)) {
      const { denoised } = await trainer.preview([0]);
      const before = mean;
      mean = denoised.map((output, place) => {
        const value = levels.toPicture(output);
        return before ? smoothing * (before[place] ?? 0) + (1 - smoothing) * value : value;
      });
      const error = errorAt(heldOut, mean, values);
      const isBest = error < best.error;
      if (isBest) best = { error, look: record.epoch };
      yield { step: record.epoch * stepsPerLook, picture: { ...size, values: mean }, heldOut: error, isBest };
      if (!toTheEnd && record.epoch - best.look >= patience) return;
    }
  } finally {
    trainer.destroy();
  }
}

/** How the values of a picture are those of the network. */
interface Levels {
  readonly toNetwork: (value: number) => number;
  /** In [0, 1]. */
  readonly toPicture: (output: number) => number;
}

/**
 * The network sees values with a mean of 0.5, from 0 or up to 1. Its first outputs are near 0.5: from there, the first steps to a picture
 * that is dark or light would end with units that are never active.
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

/** [rows, columns, channels]: 1 for the values that are held out, which are those of blind spots, and 0 for others. */
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
    ...{ noise: noNoise, epochs: Math.ceil(steps / stepsPerLook), batch: 1, seed },
    optimizer: { ...defaultOptimizers.adam, lr: 0.006 },
    // The only place for a patch of the picture's size is the picture.
    patches: { side, count: stepsPerLook, validation: 1, flips: false },
  };
}

/** Uniform numbers between 0 and 0.1, as in the paper: with ten times as much, the clearest picture is up to 1 dB worse. */
function randomNumbers(count: number, seed: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    { length: count },
    (_, place) => 0.1 * unitInterval(philox([place, 0, 0, 0], [seed, streams.trainingNoise])[0]),
  );
}

/** The mean squared error of the values that count. */
function errorAt(counted: Uint8Array, picture: Float32Array, values: Float32Array): number {
  let [squares, count] = [0, 0];
  counted.forEach((one, place) => {
    squares += one * ((picture[place] ?? Number.NaN) - (values[place] ?? Number.NaN)) ** 2;
    count += one;
  });
  return squares / count;
}
