import { permutation, permute } from "../math/permutation.ts";
import { streams } from "../math/streams.ts";
import { InputError } from "../spec/input-error.ts";
import type { ImageSet } from "./image-set.ts";
import { type Images, selectFrom } from "./image-source.ts";
import type { Samples } from "./samples.ts";

/**
 * The choice of held-out images does not depend on the run's seed: runs can be compared, and a model is never
 * evaluated on its training images.
 */
const holdOutSeed = 0;

/** Images to train on and images to validate on. */
export interface HeldOut<I extends Images = ImageSet> {
  readonly train: I;
  readonly validation: I;
}

/**
 * Holds a share (0 to 1) of the images out for validation, chosen by a fixed shuffle. Sets of the same size are split
 * in the same way, so that noisy and clean twins stay together. Throws an InputError unless both sides get an image.
 */
export function holdOut<P extends Samples>(set: ImageSet<P>, share?: number): HeldOut<ImageSet<P>>;
export function holdOut(set: Images, share?: number): HeldOut<Images>;
export function holdOut(set: Images, share = 0.2): HeldOut<Images> {
  const validationCount = Math.round(set.count * share);
  if (validationCount < 1 || validationCount >= set.count) {
    throw new InputError(
      `${set.name} has ${set.count} images, too few to hold out ${100 * share} % of them for validation.`,
    );
  }
  const shuffle = permutation(set.count, holdOutSeed, streams.holdOut, 0);
  const order = Uint32Array.from({ length: set.count }, (_, position) => permute(shuffle, position));
  return {
    train: selectFrom(set, order.subarray(validationCount), `${set.name} (training)`),
    validation: selectFrom(set, order.subarray(0, validationCount), `${set.name} (validation)`),
  };
}
