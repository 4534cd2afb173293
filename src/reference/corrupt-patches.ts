import type { PatchTable } from "../math/patch-table.ts";
import type { NoiseSpec } from "../spec/noise.ts";
import { clamped, type PictureShape, type PixelAt } from "./blur.ts";
import { type PairedSamples, takenAs } from "./corrupt-batch.ts";
import { at } from "./elements.ts";
import { addNoise, strengthOf } from "./noise.ts";
import type { NoiseKey } from "./noise-draws.ts";
import { blackAndWhiteBytes, sampleValue } from "./sample-values.ts";

/** Contiguous pictures, and the places of their patches. */
export interface PatchPictures extends PairedSamples {
  readonly table: PatchTable;
  /** From placePatches. */
  readonly places: Int32Array;
}

/** The patches `chosen`, noisy and clean: x and clean, both [chosen.length, values] in [0, 1], and the strengths of their noise. */
export function corruptPatches(
  pictures: PatchPictures,
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
    const patch = at(chosen, row);
    const { clean, noisy } = takenAs(pictures, patch, key);
    const cut = (samples: ArrayLike<number>) => {
      const pixelAt = surroundings(pictures, samples, patch, shape.channels);
      const values = Float64Array.from({ length: size }, (_, value) => {
        const pixel = Math.floor(value / shape.channels);
        return pixelAt(Math.floor(pixel / shape.columns), pixel % shape.columns, value % shape.channels);
      });
      return { values, pixelAt };
    };
    const { values, pixelAt } = cut(noisy);
    batch.x.set(addNoise(values, shape, noise, key, patch, pixelAt), row * size);
    batch.strengths[row] = strengthOf(noise, key, patch);
    batch.clean.set(cut(clean).values, row * size);
  }
  return batch;
}

/** The picture around a patch, in the patch's own rows and columns. */
function surroundings(
  { table, places, range = blackAndWhiteBytes }: PatchPictures,
  samples: ArrayLike<number>,
  patch: number,
  channels: number,
): PixelAt {
  const [first = 0, down = 0, right = 0, picture = 0] = places.subarray(4 * patch);
  const [, firstValue = 0, rows = 0, columns = 0] = table.pictures.subarray(4 * picture);
  const width = columns * channels;
  // One of the two steps goes along the picture's rows, the other along its columns.
  const upright = Math.abs(down) === width;
  const [downRows, downColumns] = upright ? [Math.sign(down), 0] : [0, Math.sign(down)];
  const [rightRows, rightColumns] = upright ? [0, Math.sign(right)] : [Math.sign(right), 0];
  const top = Math.floor((first - firstValue) / width);
  const left = Math.floor(((first - firstValue) % width) / channels);
  return (row, column, channel) => {
    const y = clamped(top + row * downRows + column * rightRows, rows);
    const x = clamped(left + row * downColumns + column * rightColumns, columns);
    return sampleValue(at(samples, firstValue + y * width + x * channels + channel), range);
  };
}
