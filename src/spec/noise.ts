import { checkInteger, checkNumber } from "./checks.ts";
import { InputError } from "./input-error.ts";
import { type NoiseKind, noiseKinds } from "./noise-kinds.ts";

/**
 * What a stage is set to: a number, or a range from which every image draws its own (blind denoising), evenly, or with a
 * density in proportion to a power of the number: with -2, a number of half the size is four times as likely. The power is a
 * whole number from -4 to 4; where it is below 0, the range begins at a millionth of its end or above.
 */
export type NoiseSetting = number | readonly [low: number, high: number, power?: number];

/** A stage of noise. */
export interface NoiseStage {
  /** The kind of noise. */
  readonly kind: NoiseKind;
  /** How much of it: its factor, amplitude, share, peak or sigma. Values out of range are refused. */
  readonly setting: NoiseSetting;
}

/** The noise added to a clean image x in [0, 1]: stages, each applied to the result of the one before. */
export interface NoiseSpec {
  /** Without stages x~ = x, or the measured noisy twin if there is one. */
  readonly stages: readonly NoiseStage[];
  /** Clip to [0, 1] after the last stage, like a stored picture; nothing is clipped between stages. */
  readonly clip: boolean;
}

/** Nothing is done. */
export const noNoise: NoiseSpec = { stages: [], clip: true };

/** The most stages that a noise has: STAGE0 to STAGE3 in shaders/lib/noise.wgsl. */
export const maxNoiseStages = 4;

/** The highest power, and negated the lowest, that a range is drawn by. */
const mostPower = 4;

/** The least part of its end that a range begins at if its power is below 0: float32 holds what the draw needs. */
const leastPart = 1e-6;

/** The smallest and the largest number that a setting can be, and the power that it is drawn by, 0 for evenly. */
export function settingRange(setting: NoiseSetting): readonly [low: number, high: number, power: number] {
  if (typeof setting === "number") return [setting, setting, 0];
  const [low, high, power = 0] = setting;
  return [low, high, power];
}

/** Throws an InputError when the stages do not go together or a setting is out of range. */
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
