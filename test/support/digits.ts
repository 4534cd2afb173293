import { type HeldOut, holdOut } from "../../src/data/hold-out.ts";
import { type ByteImageSet, readImageSet, selectImages } from "../../src/data/image-set.ts";
import type { Picture } from "../../src/data/picture.ts";
import { fromBytes, toBytes } from "../../src/data/pixel-bytes.ts";
import { addNoise } from "../../src/reference/noise.ts";
import type { NoiseKey } from "../../src/reference/noise-draws.ts";
import type { NoiseSpec } from "../../src/spec/noise.ts";
import { digitFiles } from "../../vite/digits.ts";

/** The embedded digits, 8,000 for training and 2,000 held out: the same split as in every run. */
export async function readDigits(): Promise<HeldOut<ByteImageSet>> {
  return holdOut(await readImageSet(digitFiles().images, "digits"));
}

/** A set's first images. */
export function firstOf(set: ByteImageSet, count: number): ByteImageSet {
  return selectImages(
    set,
    Array.from({ length: count }, (_, image) => image),
  );
}

/** Measured twins of images: noise drawn once, stored as bytes. */
export function noisyTwins(set: ByteImageSet, noise: NoiseSpec, key: NoiseKey): ByteImageSet {
  const { count, rows, columns } = set;
  const clean = fromBytes(set.pixels);
  const pixels = new Uint8Array(set.pixels.length);
  for (let image = 0; image < count; image++) {
    const picture = pictureAt(clean, set, image);
    const noisy = addNoise(picture.values, picture, noise, key, image);
    pixels.set(toBytes(Float32Array.from(noisy)), image * rows * columns);
  }
  return { name: `${set.name}, noisy`, count, rows, columns, pixels };
}

/** One of several grey images, [images, rows, columns]. */
export function pictureAt(
  images: Float32Array<ArrayBuffer>,
  { rows, columns }: Pick<Picture, "rows" | "columns">,
  image: number,
): Picture {
  const size = rows * columns;
  return { rows, columns, channels: 1, values: images.slice(image * size, (image + 1) * size) };
}
