import type { NoiseSpec } from "../spec/noise.ts";
import type { PictureShape } from "./blur.ts";
import { at } from "./elements.ts";
import { imageShift, shifted } from "./image-shift.ts";
import { addNoise, strengthOf } from "./noise.ts";
import type { NoiseKey } from "./noise-draws.ts";
import { type BlackAndWhite, blackAndWhiteBytes, sampleValue } from "./sample-values.ts";
import { twinsSwapped } from "./swapped-twins.ts";

/** Images of samples [count, values], and their measured noisy twins if there are any. */
export interface PairedSamples {
  readonly clean: ArrayLike<number>;
  readonly noisy?: ArrayLike<number> | undefined;
  /** Which samples are black and white; default 0 and 255. */
  readonly range?: BlackAndWhite | undefined;
  /** The arrays hold only the chosen images, in the order of choice. */
  readonly gathered?: boolean | undefined;
  /** Noise2Noise: the roles of the two pictures are drawn for every image and epoch. */
  readonly swap?: boolean | undefined;
  /** The largest shift of images in pixels, drawn for every image and epoch; default 0. */
  readonly shift?: number | undefined;
}

/** The images `chosen`, noisy and clean: x and clean, both [chosen.length, values] in [0, 1], and the strengths of their noise. */
export function corruptBatch(
  pair: PairedSamples,
  shape: PictureShape,
  chosen: ArrayLike<number>,
  noise: NoiseSpec,
  key: NoiseKey,
): { readonly x: Float64Array; readonly clean: Float64Array; readonly strengths: Float64Array } {
  const size = shape.rows * shape.columns * shape.channels;
  const batch = {
    x: new Float64Array(chosen.length * size),
    clean: new Float64Array(chosen.length * size),
    strengths: new Float64Array(chosen.length),
  };
  for (let row = 0; row < chosen.length; row++) {
    const image = at(chosen, row);
    const place = pair.gathered ? row : image;
    const { clean, noisy } = takenAs(pair, image, key);
    const taken = (samples: ArrayLike<number>) => {
      const picture = pictureOf(samples, size, place, pair.range);
      return pair.shift ? shifted(picture, shape, imageShift(image, key, pair.shift)) : picture;
    };
    batch.x.set(addNoise(taken(noisy), shape, noise, key, image), row * size);
    batch.strengths[row] = strengthOf(noise, key, image);
    batch.clean.set(taken(clean), row * size);
  }
  return batch;
}

/** The two pictures of a pair in their roles for an image in this epoch. */
export function takenAs(
  { clean, noisy = clean, swap = false }: PairedSamples,
  image: number,
  key: NoiseKey,
): { readonly clean: ArrayLike<number>; readonly noisy: ArrayLike<number> } {
  return swap && twinsSwapped(image, key) ? { clean: noisy, noisy: clean } : { clean, noisy };
}

/** One of several images of samples, as numbers in [0, 1]. */
function pictureOf(
  samples: ArrayLike<number>,
  size: number,
  place: number,
  range = blackAndWhiteBytes,
): Float64Array {
  const picture = new Float64Array(size);
  for (let value = 0; value < size; value++) {
    picture[value] = sampleValue(at(samples, place * size + value), range);
  }
  return picture;
}
