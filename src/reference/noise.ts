import { poissonQuantile } from "../math/poisson.ts";
import type { NoiseSpec } from "../spec/noise.ts";
import type { NoiseKind } from "../spec/noise-kinds.ts";
import { blurred, type PictureShape, type PixelAt, pixelsOf } from "./blur.ts";
import { NoiseDraws, type NoiseKey } from "./noise-draws.ts";

/**
 * Adds noise to a picture [rows, columns, channels] in [0, 1]: up to four stages, each applied to the result
 * of the previous one. `image` is its number: every image has its own noise. `pixelAt` gives a blur the
 * pixels around the picture. The reference for shaders/lib/noise.wgsl.
 */
export function addNoise(
  picture: ArrayLike<number>,
  shape: PictureShape,
  { stages, clip }: NoiseSpec,
  key: NoiseKey,
  image: number,
  pixelAt = pixelsOf(picture, shape),
): Float64Array<ArrayBuffer> {
  let x = Float64Array.from(picture);
  stages.forEach(({ kind, setting }, stage) => {
    const draws = new NoiseDraws(key, image, stage);
    x = afterStage[kind](x, draws.setting(setting), draws, { ...shape, pixelAt });
  });
  return clip ? x.map((value) => Math.min(1, Math.max(0, value))) : x;
}

/** The setting of the first stage for an image, which is the input of a noise map; 0 without noise. */
export function strengthOf({ stages }: NoiseSpec, key: NoiseKey, image: number): number {
  const [first] = stages;
  return first ? new NoiseDraws(key, image, 0).setting(first.setting) : 0;
}

type Stage = (
  x: Float64Array<ArrayBuffer>,
  setting: number,
  draws: NoiseDraws,
  picture: PictureShape & { readonly pixelAt: PixelAt },
) => Float64Array<ArrayBuffer>;

/** Applies a stage to a picture. */
const afterStage: { readonly [K in NoiseKind]: Stage } = {
  gaussian: (x, factor, draws) => x.map((value, index) => value + factor * draws.normal(index)),
  uniform: (x, amplitude, draws) => x.map((value, index) => value + amplitude * (2 * draws.unit(index) - 1)),
  "salt-pepper": (x, share, draws) => x.map((value, index) => salted(value, share / 2, draws.unit(index))),
  speckle: (x, factor, draws) => x.map((value, index) => value + factor * value * draws.normal(index)),
  poisson: (x, peak, draws) =>
    x.map((value, index) => poissonQuantile(peak * Math.max(0, value), draws.unit(index)) / peak),
  mask: (x, share, draws) => x.map((value, index) => (draws.unit(index) < share ? 0 : value)),
  blur: (_x, sigma, _draws, picture) => blurred(picture.pixelAt, picture, sigma),
  bands: (x, factor, draws, { columns, channels }) =>
    x.map((value, index) => value + factor * draws.normal(4 * Math.floor(index / (columns * channels)))),
};

/** The lowest numbers become black, the highest white. */
function salted(value: number, share: number, unit: number): number {
  if (unit < share) return 0;
  return 1 - unit < share ? 1 : value;
}
