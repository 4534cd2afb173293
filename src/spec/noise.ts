import { checkInteger, checkNumber } from "./checks.ts";
import { InputError } from "./input-error.ts";
import { type NoiseKind, noiseKinds } from "./noise-kinds.ts";

/**
 * The setting of a stage: a number, or a range from which a value is drawn for every image (blind denoising). The
 * draw is uniform, or has a density proportional to a power of the number: with -2, a number of half the size is four
 * times as likely. The power is an integer from -4 to 4. If it is below 0, the range must begin at a millionth of its
 * end or above.
 */
export type NoiseSetting = number | readonly [low: number, high: number, power?: number];

/** A stage of noise. */
export interface NoiseStage {
  /** The kind of noise. */
  readonly kind: NoiseKind;
  /** The strength: a factor, amplitude, share, peak or sigma. Values out of range are rejected. */
  readonly setting: NoiseSetting;
}

/** The noise added to a clean image x in [0, 1]: stages, each applied to the result of the previous one. */
export interface NoiseSpec {
  /** Without stages x~ = x, or the measured noisy twin if there is one. */
  readonly stages: readonly NoiseStage[];
  /** Clip to [0, 1] after the last stage, like a stored picture; nothing is clipped between stages. */
  readonly clip: boolean;
}

/** Leaves the image unchanged. */
export const noNoise: NoiseSpec = { stages: [], clip: true };

/** Whether a noise is Gaussian only, so that its setting is its standard deviation. */
export function isGaussian({ stages }: NoiseSpec): boolean {
  return stages.length === 1 && stages[0]?.kind === "gaussian";
}

/** The maximum number of stages: STAGE0 to STAGE3 in shaders/lib/noise.wgsl. */
export const maxNoiseStages = 4;

/** The largest power of a range; its negative is the smallest. */
const mostPower = 4;

/**
 * The minimum of a range as a fraction of its end, if the power is below 0; within this limit float32 is sufficient.
 */
const leastPart = 1e-6;

/** The smallest and largest values of a setting, and the power of its distribution, 0 for uniform. */
export function settingRange(setting: NoiseSetting): readonly [low: number, high: number, power: number] {
  if (typeof setting === "number") return [setting, setting, 0];
  const [low, high, power = 0] = setting;
  return [low, high, power];
}

/** Throws an InputError when the stages cannot be combined or a setting is out of range. */
export function checkNoise({ stages }: NoiseSpec): void {
  if (stages.length > maxNoiseStages) {
    throw new InputError(`A noise has at most ${maxNoiseStages} stages, but ${stages.length} are given.`);
  }
  stages.forEach(({ kind, setting }, index) => {
    const { setting: what, min, max } = noiseKinds[kind];
    const [low, high, power] = settingRange(setting);
    checkNumber(what, low, min, max);
    checkNumber(what, high, min, max);
    if (low > high) {
      throw new InputError(
        `${what} must be a range from a lower to an upper end, but it is ${low}..${high}.`,
      );
    }
    checkInteger("The power of a range", power, -mostPower, mostPower);
    if (power < 0 && low < leastPart * high) {
      throw new InputError(
        `${what} with a power below 0 must be a range that begins at ${leastPart * high} or above, a millionth of its end, but it is ${low}..${high}^${power}.`,
      );
    }
    if (kind === "blur" && index > 0) {
      throw new InputError(
        `Blur applies to the clean picture, so it must be the first stage, but it is stage ${index + 1}.`,
      );
    }
  });
}
