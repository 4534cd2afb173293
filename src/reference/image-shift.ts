import { philox } from "../math/philox.ts";
import { type PictureShape, pixelsOf } from "./blur.ts";
import type { NoiseKey } from "./noise-draws.ts";

/** Separates this draw's counters from those of the noise and of the twins. */
const shiftDraw = 0x300;

/**
 * The shift of an image: rows down and columns to the right, each at most `most`. The reference for shaders/lib/shift.wgsl.
 */
export function imageShift(
  image: number,
  { seed, stream, epoch }: NoiseKey,
  most: number,
): readonly [down: number, right: number] {
  const words = philox([0, image, epoch, shiftDraw], [seed, stream]);
  const drawn = (word: number) => Math.floor((word * (2 * most + 1)) / 2 ** 32) - most;
  return [drawn(words[0]), drawn(words[1])];
}

/** The shifted picture; beyond its edge, the outermost pixels are repeated. */
export function shifted(
  picture: Float64Array,
  shape: PictureShape,
  [down, right]: readonly [down: number, right: number],
): Float64Array {
  const { columns, channels } = shape;
  const pixelAt = pixelsOf(picture, shape);
  return picture.map((_, value) => {
    const pixel = Math.floor(value / channels);
    return pixelAt(Math.floor(pixel / columns) - down, (pixel % columns) - right, value % channels);
  });
}
