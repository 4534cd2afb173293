import { checkMaskFits, formatMask } from "./blind-spots.ts";
import { InputError } from "./input-error.ts";
import { valuesOf } from "./layer-specs.ts";
import { outputSize } from "./layers.ts";
import { autoencoder, imageValues, isConvolutional, type NetworkSpec } from "./network.ts";
import { isGaussian } from "./noise.ts";
import { formatNoise } from "./noise-text.ts";
import { checkOptimizer } from "./optimizer.ts";
import { checkTable } from "./setting-kinds.ts";
import { flatSettings, settings, type TrainingSpec } from "./settings.ts";

/** The value subtracted from the network's input during training: the middle of [0, 1] in a centred run. */
export function inputCentre({ centre }: Pick<TrainingSpec, "centre">): number {
  return centre ? 0.5 : 0;
}

/** Throws an InputError when a setting is out of range; returns the network that the settings describe. */
export function checkTraining(
  spec: TrainingSpec,
  images: {
    readonly count: number;
    readonly rows: number;
    readonly columns: number;
    readonly channels?: number | undefined;
  },
): NetworkSpec {
  checkTable(settings, flatSettings(spec));
  checkOptimizer(spec.optimizer);
  if (spec.shift > 0 && spec.patches) {
    throw new InputError(
      `Patches are cut from anywhere in their pictures, so a shift of ${spec.shift} has no effect: leave it at 0.`,
    );
  }
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
  const { output, block, noiseMap } = spec;
  const network = autoencoder([images.rows, images.columns], spec.hidden, {
    ...{ output, block, noiseMap },
    channels: images.channels ?? 1,
  });
  if (noiseMap && !isGaussian(spec.noise)) {
    throw new InputError(
      `A noise map holds the factor of Gaussian noise, but the noise is ${formatNoise(spec.noise)}: give one gaussian stage, as gaussian:0..0.3.`,
    );
  }
  checkSelfSupervised(spec, network);
  if (spec.initialization === "identity") checkIdentity(network);
  if (spec.centre && isConvolutional(network)) {
    throw new InputError(
      "Convolutions pad pictures with zeros, which would be grey in a centred picture: leave out centre.",
    );
  }
  return network;
}

/** Throws an InputError for a run that cannot learn from blind spots, or for a mask without them. */
function checkSelfSupervised(
  { selfSupervised, mask, noiseMap, loss, noise }: TrainingSpec,
  network: NetworkSpec,
): void {
  if (!selfSupervised) {
    if (mask.columns === 1 && mask.rows === 1) return;
    throw new InputError(
      `A mask of ${formatMask(mask)} hides pixels around the blind spots of self-supervised training: choose that too, or leave out the mask.`,
    );
  }
  if (!isConvolutional(network)) {
    throw new InputError(
      "Self-supervised training predicts a pixel from those around it, which needs convolutions: choose hidden layers such as conv:32x7.",
    );
  }
  if (noiseMap) {
    throw new InputError(
      "A noise map holds the strength of the noise, which is not available in self-supervised training: leave out the noise map.",
    );
  }
  if (loss === "bce" && noise.stages.length > 0 && !noise.clip) {
    throw new InputError(
      "The targets of self-supervised training are noisy, and binary cross-entropy needs them in [0, 1]: choose the loss mse, or clipped noise.",
    );
  }
  checkMaskFits(mask, network.image);
}

/** Throws an InputError for a network whose layers cannot pass an image on value by value. */
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
