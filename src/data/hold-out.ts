import { permutation, permute } from "../math/permutation.ts";
import { streams } from "../math/streams.ts";
import { InputError } from "../spec/input-error.ts";
import { type ImageSet, selectImages } from "./image-set.ts";

/**
 * Which images are held out does not follow the run's seed: runs can be compared, and a model never meets in its
 * evaluation what it was trained on.
 */
const holdOutSeed = 0;

/** Images to train on and images to validate on. */
export interface HeldOut {
  readonly train: ImageSet;
  readonly validation: ImageSet;
}

/**
 * Holds a share (0 to 1) of the images out for validation, chosen by a fixed shuffle: sets of the same size are split
 * alike, so that noisy and clean twins stay twins. Throws an InputError unless both sides get an image.
 */
export function holdOut(set: ImageSet, share = 0.2): HeldOut {
  const validationCount = Math.round(set.count * share);
  if (validationCount < 1 || validationCount >= set.count) {
    throw new InputError(
      `${set.name} has ${set.count} images, too few to hold out ${100 * share} % of them for validation.`,
    );
  }
  const shuffle = permutation(set.count, holdOutSeed, streams.holdOut, 0);
  const order = Array.from({ length: set.count }, (_, position) => permute(shuffle, position));
  return {
    train: selectImages(set, order.slice(validationCount), `${set.name} (training)`),
    validation: selectImages(set, order.slice(0, validationCount), `${set.name} (validation)`),
  };
}
