import { checkInteger } from "./checks.ts";
import { InputError } from "./input-error.ts";
import { autoencoder, type NetworkSpec } from "./network.ts";
import { checkNoise, type NoiseSpec } from "./noise.ts";
import { type AdadeltaSpec, adadeltaPresets, checkOptimizer } from "./optimizer.ts";

/** What the output is compared by: binary cross-entropy or mean squared error, a mean over samples and pixels. */
export const lossNames = ["bce", "mse"] as const;
export type LossName = (typeof lossNames)[number];

/**
 * A training run, all of it but the images. The same spec and images on the same adapter, with the same family of kernels,
 * give the same bits.
 */
export interface TrainingSpec {
  readonly hidden: readonly number[];
  readonly loss: LossName;
  readonly noise: NoiseSpec;
  /** Draw the training noise once instead of anew every epoch. */
  readonly fixedNoise: boolean;
  readonly epochs: number;
  /** Images a step; the last step of an epoch may have fewer. */
  readonly batch: number;
  readonly shuffle: boolean;
  readonly optimizer: AdadeltaSpec;
  /** 0 to 2^32 - 1; starts the weights, the shuffle and the noise. */
  readonly seed: number;
}

/** The notebook's run. */
export const defaultTraining: TrainingSpec = {
  hidden: [32],
  loss: "bce",
  noise: { kind: "gaussian", factor: 0.5 },
  fixedNoise: false,
  epochs: 100,
  batch: 128,
  shuffle: true,
  optimizer: adadeltaPresets.keras2,
  seed: 0,
};

export const trainingLimits = { epochs: 1_000_000, batch: 65_536, seed: 2 ** 32 - 1 } as const;

/** Throws an InputError when a setting is out of range; gives the network that the settings describe. */
export function checkTraining(
  spec: TrainingSpec,
  images: { readonly count: number; readonly rows: number; readonly columns: number },
): NetworkSpec {
  checkInteger("The number of epochs", spec.epochs, 1, trainingLimits.epochs);
  checkInteger("The batch", spec.batch, 1, trainingLimits.batch);
  checkInteger("The seed", spec.seed, 0, trainingLimits.seed);
  checkNoise(spec.noise);
  checkOptimizer(spec.optimizer);
  if (spec.batch > images.count) {
    throw new InputError(
      `The batch of ${spec.batch} is larger than the training set, which has ${images.count} images: lower the batch.`,
    );
  }
  return autoencoder([images.rows, images.columns], spec.hidden);
}
