import { checkPair, checkSameSize } from "../data/image-set.ts";
import type { Images } from "../data/image-source.ts";
import { checkPatchFits, checkSameColour, checkTwins, type PictureSet } from "../data/picture-set.ts";
import { commonFormat, type SampleFormat } from "../data/samples.ts";
import { InputError } from "../spec/input-error.ts";
import { imageValues, isConvolutional, type NetworkSpec } from "../spec/network.ts";
import { checkPatches } from "../spec/patch.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { checkTraining } from "../spec/training.ts";

/** The training and validation data of a run. Measured noisy twins have the shape of their clean set. */
export interface TrainingData<I extends Images = Images> {
  readonly train: I;
  readonly validation: I;
  readonly noisyTrain?: I;
  readonly noisyValidation?: I;
}

/** The same as pictures of any sizes, for a run on patches of them. */
export interface PictureData {
  readonly train: PictureSet;
  readonly validation: PictureSet;
  readonly noisyTrain?: PictureSet;
  readonly noisyValidation?: PictureSet;
  /**
   * [values of a patch]: 1 for values that count in the loss, 0 for held-out ones. Only for convolutions and steps of one
   * patch. Default: all count.
   */
  readonly counted?: Uint8Array | undefined;
}

export type RunData = TrainingData | PictureData;

export function hasPictures(data: RunData): data is PictureData {
  return "pictures" in data.train;
}

/** The format of the samples of all sets of a run; throws an InputError that names two sets that differ. */
export function formatOf({ train, validation, noisyTrain, noisyValidation }: RunData): SampleFormat {
  return commonFormat([train, validation, noisyTrain, noisyValidation]);
}

/** Checks a run's settings against its data and returns the network that they describe. Throws an InputError. */
export function checkRun(spec: TrainingSpec, data: RunData): NetworkSpec {
  const measured = data.noisyTrain ?? data.noisyValidation;
  if (measured && spec.noiseMap) {
    throw new InputError(
      `A noise map holds the strength of the Gaussian noise that is added in training, but ${measured.name} has measured noise of unknown strength: leave out the noise map, or the noisy images.`,
    );
  }
  formatOf(data);
  const network = hasPictures(data) ? checkPictures(spec, data) : checkImages(spec, data);
  const twins = data.noisyTrain ?? data.noisyValidation;
  if (twins && !(data.noisyTrain && data.noisyValidation)) {
    throw new InputError(
      `Only one of the sets has noisy twins, ${twins.name}: training and validation images both need them.`,
    );
  }
  if (spec.noise2noise && !twins) {
    throw new InputError(
      `Noise2Noise needs two noisy pictures of each scene, but ${data.train.name} has only one.`,
    );
  }
  if (hasPictures(data) && data.counted && data.counted.length !== imageValues(network)) {
    throw new RangeError("There is one number for each value of a patch, which says whether it counts.");
  }
  if (
    hasPictures(data) &&
    data.counted &&
    !(isConvolutional(network) && spec.batch === 1 && !spec.selfSupervised)
  ) {
    throw new RangeError("Values are held out of the loss of one patch at a time, and of convolutions only.");
  }
  if (spec.selfSupervised && twins) {
    throw new InputError(
      `Self-supervised training learns from one noisy picture of each scene, but ${twins.name} holds a second one of each: leave out one of them.`,
    );
  }
  if (twins && spec.noise.stages.length > 0) {
    throw new InputError(
      `${twins.name} holds measured noisy images, so no noise can be added to it: set the noise to none.`,
    );
  }
  return network;
}

function checkImages(spec: TrainingSpec, data: TrainingData): NetworkSpec {
  if (spec.patches) {
    throw new InputError(
      `Patches are cut from pictures, but ${data.train.name} holds images of one size: leave the patches out.`,
    );
  }
  const network = checkTraining(spec, data.train);
  checkSameSize(data.train, data.validation);
  if (data.noisyTrain) checkPair(data.noisyTrain, data.train);
  if (data.noisyValidation) checkPair(data.noisyValidation, data.validation);
  return network;
}

function checkPictures(spec: TrainingSpec, data: PictureData): NetworkSpec {
  const { patches } = spec;
  if (!patches) {
    throw new InputError(`${data.train.name} holds pictures, which need a patch size for training.`);
  }
  checkPatches(patches);
  const { side, count } = patches;
  for (const set of [data.train, data.validation]) checkPatchFits(set, side);
  checkSameColour(data.train, data.validation);
  if (data.noisyTrain) checkTwins(data.noisyTrain, data.train);
  if (data.noisyValidation) checkTwins(data.noisyValidation, data.validation);
  return checkTraining(spec, { count, rows: side, columns: side, channels: data.train.channels });
}
