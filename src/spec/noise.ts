import { checkNumber } from "./checks.ts";
import { InputError } from "./input-error.ts";
import { type NoiseKind, noiseKinds } from "./noise-kinds.ts";

/** What a stage is set to: a number, or a range from which every image draws its own, evenly (blind denoising). */
export type NoiseSetting = number | readonly [low: number, high: number];

/** One kind of noise. */
export interface NoiseStage {
  /** Which noise. */
  readonly kind: NoiseKind;
  /** How much of it: its factor, amplitude, share, peak or sigma. Out of its range it is refused in a sentence with that range. */
  readonly setting: NoiseSetting;
}

/** What is done to a clean image x in [0, 1] before the network sees it: stages, each on what the one before it gives. */
export interface NoiseSpec {
  /** None at all: x~ = x, or the measured noisy twin where there is one. */
  readonly stages: readonly NoiseStage[];
  /** Clip to [0, 1] after the last stage, as a stored picture is; between stages nothing is clipped. */
  readonly clip: boolean;
}

/** Nothing is done. */
export const noNoise: NoiseSpec = { stages: [], clip: true };

/** The most stages that a noise has: STAGE0 to STAGE3 in shaders/lib/noise.wgsl. */
export const maxNoiseStages = 4;

/** The smallest and the largest number that a setting can be. */
export function settingRange(setting: NoiseSetting): readonly [low: number, high: number] {
  return typeof setting === "number" ? [setting, setting] : setting;
}

/** Throws an InputError when the stages do not go together or a setting is out of range. */
export function checkNoise({ stages }: NoiseSpec): void {
  if (stages.length > maxNoiseStages) {
    throw new InputError(`A noise has at most ${maxNoiseStages} stages, but ${stages.length} are given.`);
  }
  stages.forEach(({ kind, setting }, index) => {
    const { setting: what, min, max } = noiseKinds[kind];
    const [low, high] = settingRange(setting);
    checkNumber(what, low, min, max);
    checkNumber(what, high, min, max);
    if (low > high) {
      throw new InputError(
        `${what} must be a range from its lower end to its upper, but it is ${low}..${high}.`,
      );
    }
    if (kind === "blur" && index > 0) {
      throw new InputError(`Blur is of the picture, so it comes first, but it is stage ${index + 1}.`);
    }
  });
}
