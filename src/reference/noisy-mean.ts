import { clippedMean, type NoisyMean } from "../filters/bias-correction.ts";
import { streams } from "../math/streams.ts";
import type { NoiseSpec } from "../spec/noise.ts";
import { addNoise } from "./noise.ts";

/** The mean is sampled at this many brightness steps from black to white and interpolated linearly between them. */
const steps = 48;

/** The brightness of a step: denser towards black and white, where clipping makes the mean nonlinear. */
const brightness = (step: number) => (1 - Math.cos((Math.PI * step) / steps)) / 2;

/** Pictures drawn per brightness, each with its own settings if these are ranges, and the pixels of a picture. */
const drawn = { pictures: 512, pixels: 64 } as const;

/** A deviation of the mean below this many standard errors can be due to chance. */
const chance = 4;

/**
 * The mean noisy value of a clean value: exact for clipped Gaussian noise, else the mean of 32,768 noisy
 * values of each brightness. Undefined if the mean equals the clean value, or if it has no inverse, for
 * example if nothing is left of the picture.
 */
export function noisyMean({ stages, clip }: NoiseSpec): NoisyMean | undefined {
  // Blur does not change a flat picture.
  const told = stages.filter(({ kind }) => kind !== "blur");
  const [first, ...others] = told;
  if (clip && others.length === 0 && first?.kind === "gaussian" && typeof first.setting === "number") {
    const sigma = first.setting;
    return sigma === 0 ? undefined : (clean) => clippedMean(clean, sigma);
  }
  return drawnMean({ stages: told, clip });
}

function drawnMean(noise: NoiseSpec): NoisyMean | undefined {
  if (noise.stages.length === 0) return undefined;
  const levels = Array.from({ length: steps + 1 }, (_, step) => flatMoments(brightness(step), noise));
  const moved = levels.some(
    ({ mean, error }, step) => Math.abs(mean - brightness(step)) > chance * error + 1e-9,
  );
  const means = levels.map(({ mean }) => mean);
  const increasing = means.every((mean, step) => step === 0 || mean > (means[step - 1] ?? Number.NaN));
  return moved && increasing ? (clean) => between(means, clean) : undefined;
}

/**
 * The mean of noisy values of one brightness and its standard error. Every brightness uses the same random numbers.
 */
function flatMoments(clean: number, noise: NoiseSpec): { readonly mean: number; readonly error: number } {
  const key = { seed: 0, stream: streams.trainingNoise, epoch: 0 };
  // One column, so that noise with one number per row differs from pixel to pixel.
  const shape = { rows: drawn.pixels, columns: 1, channels: 1 };
  const flat = new Float64Array(drawn.pixels).fill(clean);
  const pictureMeans = Array.from({ length: drawn.pictures }, (_, image) =>
    average(addNoise(flat, shape, noise, key, image)),
  );
  const mean = average(pictureMeans);
  const variance = average(pictureMeans.map((each) => (each - mean) ** 2));
  return { mean, error: Math.sqrt(variance / drawn.pictures) };
}

function average(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

/** The mean at a brightness, interpolated linearly between the steps around it. */
function between(means: readonly number[], clean: number): number {
  const place = (steps * Math.acos(1 - 2 * clean)) / Math.PI;
  const below = Math.min(Math.floor(place), steps - 1);
  const [from = Number.NaN, to = Number.NaN] = means.slice(below, below + 2);
  const start = brightness(below);
  return from + ((clean - start) / (brightness(below + 1) - start)) * (to - from);
}
