import { checkInteger } from "./checks.ts";
import { InputError } from "./input-error.ts";
import { denseLayers, type HiddenLayer, type OutputName, outputSize, valuesOf } from "./layers.ts";
import { autoencoder, imageValues, type NetworkSpec } from "./network.ts";
import { checkNoise, type NoiseSpec } from "./noise.ts";
import { adadeltaPresets, checkOptimizer, type OptimizerSpec } from "./optimizer.ts";
import type { PatchSpec } from "./patch.ts";
import { checkSchedule, type ScheduleSpec } from "./schedule.ts";

/** What the output is compared by: binary cross-entropy or mean squared error, a mean over samples and pixels. */
export const lossNames = ["bce", "mse"] as const;
/** What the output is compared by. */
export type LossName = (typeof lossNames)[number];

/**
 * How weights are drawn to start with.
 *
 * glorot    W ~ U(-l, l), l = sqrt(6 / (inputs + outputs)) (Glorot and Bengio 2010), as Keras starts dense layers; b = 0
 * he        l = sqrt(6 / inputs) for the layers that end in a ReLU (He et al. 2015, arXiv:1502.01852): keeps deep ones alive
 * torch     W, b ~ U(-l, l), l = 1 / sqrt(inputs), as PyTorch starts torch.nn.Linear
 * identity  as torch, but the first nodes of each hidden layer hand on one value of the image each, so that the network
 *           starts by leaving its input much as it is (after Le, Jaitly and Hinton 2015, arXiv:1504.00941): for noise that is
 *           weak, or may be. Needs hidden layers of at least as many nodes as an image has values.
 */
export const initializationNames = ["glorot", "he", "torch", "identity"] as const;
/** How weights are drawn to start with. */
export type InitializationName = (typeof initializationNames)[number];

/**
 * A training run, all of it but the images. The same spec and images on the same adapter, with the same family of kernels,
 * give the same bits.
 */
export interface TrainingSpec {
  /** The hidden layers, 1 to 15 of them. The narrowest is the code. */
  readonly hidden: readonly HiddenLayer[];
  /** What the last layer ends with. */
  readonly output: OutputName;
  /** How weights are drawn to start with. */
  readonly initialization: InitializationName;
  /**
   * Let the first layer see each value less 0.5, so that its inputs lie around zero, which lets networks learn faster (LeCun
   * et al. 1998, "Efficient BackProp", section 4.3). A finished model takes pictures as they are: see foldCentre.
   */
  readonly centre: boolean;
  /** What the output is compared by; cross-entropy needs the output sigmoid. */
  readonly loss: LossName;
  /** What is done to the images before the network sees them. */
  readonly noise: NoiseSpec;
  /**
   * The measured twins are as noisy as the images themselves, of which none is clean: each is now the input, now what it
   * should become (Noise2Noise, Lehtinen et al. 2018, arXiv:1803.04189).
   */
  readonly noise2noise: boolean;
  /**
   * Move every training image by up to so many whole pixels, 0 to 16, up or down and to a side, drawn as its noise is; beyond its
   * edge lies more of its outermost pixels. A network that sees an image in many places learns less of it by heart (Simard et
   * al. 2003, "Best Practices for Convolutional Neural Networks"). Patches are cut from anywhere anyway, so they take no shift.
   */
  readonly shift: number;
  /** Draw the training noise, and the shifts, once instead of anew every epoch. */
  readonly fixedNoise: boolean;
  /** Sweeps over the images, 1 to 1,000,000. */
  readonly epochs: number;
  /** Train on random patches of pictures instead of whole images. */
  readonly patches?: PatchSpec | undefined;
  /** Images a step, 1 to 65,536 and no more than there are; the last step of an epoch may have fewer. */
  readonly batch: number;
  /** Visit the images in a new order every epoch; patches are drawn anew anyway. */
  readonly shuffle: boolean;
  /** How the weights follow the gradient. */
  readonly optimizer: OptimizerSpec;
  /** What becomes of the optimizer's learning rate. */
  readonly schedule: ScheduleSpec;
  /** 0 to 2^32 - 1; starts the weights, the shuffle and the noise. */
  readonly seed: number;
}

/** The notebook's run. */
export const defaultTraining: TrainingSpec = {
  hidden: denseLayers(32),
  output: "sigmoid",
  initialization: "glorot",
  centre: false,
  loss: "bce",
  noise: { stages: [{ kind: "gaussian", setting: 0.5 }], clip: true },
  noise2noise: false,
  shift: 0,
  fixedNoise: false,
  epochs: 100,
  batch: 128,
  shuffle: true,
  optimizer: adadeltaPresets.keras2,
  schedule: { kind: "constant" },
  seed: 0,
};

/** What the network's input is less while it trains: the middle of [0, 1] in a centred run. */
export function inputCentre({ centre }: Pick<TrainingSpec, "centre">): number {
  return centre ? 0.5 : 0;
}

export const trainingLimits = { epochs: 1_000_000, batch: 65_536, seed: 2 ** 32 - 1, shift: 16 } as const;

/** Throws an InputError when a setting is out of range; gives the network that the settings describe. */
export function checkTraining(
  spec: TrainingSpec,
  images: {
    readonly count: number;
    readonly rows: number;
    readonly columns: number;
    readonly channels?: number | undefined;
  },
): NetworkSpec {
  checkInteger("The number of epochs", spec.epochs, 1, trainingLimits.epochs);
  checkInteger("The batch", spec.batch, 1, trainingLimits.batch);
  checkInteger("The seed", spec.seed, 0, trainingLimits.seed);
  checkInteger("The shift", spec.shift, 0, trainingLimits.shift);
  if (spec.shift > 0 && spec.patches) {
    throw new InputError(
      `Patches are cut from anywhere in their pictures, so that a shift of ${spec.shift} would do nothing: leave it at 0.`,
    );
  }
  checkNoise(spec.noise);
  checkOptimizer(spec.optimizer);
  checkSchedule(spec.schedule);
  if (spec.loss === "bce" && spec.output !== "sigmoid") {
    throw new InputError(
      `Binary cross-entropy needs the output sigmoid, but the output is ${spec.output}: choose the loss mse.`,
    );
  }
  if (spec.batch > images.count) {
    throw new InputError(
      `The batch of ${spec.batch} is larger than the training set, which has ${images.count} images: lower the batch.`,
    );
  }
  const { output } = spec;
  const network = autoencoder([images.rows, images.columns], spec.hidden, {
    output,
    channels: images.channels ?? 1,
  });
  if (spec.initialization === "identity") checkIdentity(network);
  return network;
}

/** Throws an InputError for a network whose layers cannot hand an image on value by value. */
function checkIdentity(network: NetworkSpec): void {
  if (network.layers.some(({ kind }) => kind !== "dense")) {
    throw new InputError("The initialization identity is for dense layers only: choose another one.");
  }
  const values = imageValues(network);
  const narrowest = Math.min(...network.layers.map((layer) => valuesOf(outputSize(layer))));
  if (narrowest >= values) return;
  throw new InputError(
    `The initialization identity needs ${values} nodes or more in each hidden layer, one for each value of an image, but one has ${narrowest}: widen it, or choose another initialization.`,
  );
}
