import type { Family } from "../kernels/family.ts";
import { formatNoise, type NoiseSpec } from "../spec/noise.ts";
import { defaultTraining, type LossName, type TrainingSpec } from "../spec/training.ts";

/** The options of `unsnow train`, read. */
export interface TrainOptions {
  readonly data: string;
  readonly labels?: string;
  readonly valData?: string;
  readonly noisy?: string;
  readonly valNoisy?: string;
  /** Undefined when the option is not given. */
  readonly noise?: NoiseSpec;
  readonly fixedNoise?: boolean;
  readonly hidden: readonly number[];
  readonly loss: LossName;
  readonly epochs: number;
  readonly batch: number;
  readonly shuffle: boolean;
  readonly lr: number;
  readonly rho: number;
  readonly epsilon: number;
  readonly seed: number;
  readonly init?: string;
  readonly out?: string;
  readonly logSteps?: boolean;
  readonly quiet?: boolean;
  readonly profile?: boolean;
  /** Undefined to take what proves fastest. */
  readonly kernels?: Family;
}

/** Options that do not go together, in a sentence; undefined when all is well. */
export function conflict({ valData, noisy, valNoisy, noise }: TrainOptions): string | undefined {
  if (noisy === undefined && valNoisy !== undefined) {
    return "--val-noisy needs --noisy, the noisy twins of the training images.";
  }
  if (noisy !== undefined && valData !== undefined && valNoisy === undefined) {
    return "--noisy with --val-data needs --val-noisy, the noisy twins of the validation images.";
  }
  if (valNoisy !== undefined && valData === undefined) {
    return "--val-noisy needs --val-data, whose noisy twins it holds.";
  }
  if (noisy !== undefined && noise !== undefined && noise.kind !== "none") {
    return `--noisy gives images that are noisy as measured, so --noise ${formatNoise(noise)} cannot be added.`;
  }
  return undefined;
}

/** The run that the options describe, yet to be checked. */
export function trainingSpec(options: TrainOptions): TrainingSpec {
  const { hidden, loss, fixedNoise = false, epochs, batch, shuffle, lr, rho, epsilon, seed } = options;
  const noise = options.noise ?? (options.noisy === undefined ? defaultTraining.noise : { kind: "none" });
  return {
    hidden,
    loss,
    noise,
    fixedNoise,
    epochs,
    batch,
    shuffle,
    optimizer: { name: "adadelta", lr, rho, epsilon },
    seed,
  };
}
