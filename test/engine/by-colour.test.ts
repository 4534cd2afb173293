import { expect, test } from "vitest";
import type { RowSink } from "../../src/data/picture.ts";
import { byColour } from "../../src/engine/by-colour.ts";
import type { EnginePictureDenoiser } from "../../src/engine/engine.ts";

/** A denoiser that fills pictures with one value; the device is lost once before it writes. */
function filling(value: number): EnginePictureDenoiser {
  return {
    denoise: async ({ rows, columns, channels }, sink) => {
      await sink(0, new Float32Array(rows * columns * channels).fill(value));
      return { strength: value };
    },
    denoisePicture: async (picture) => ({ ...picture, values: picture.values.map(() => value) }),
    denoiseInPlace: async (open) => {
      await open();
      const picture = await open();
      picture.write(0, new Float32Array(picture.rows * picture.columns * picture.channels).fill(value));
      return { strength: value, picture };
    },
    destroy: () => {},
  };
}

function picture(channels: number) {
  const values = new Float32Array(2 * channels);
  const write: RowSink = (_, rows) => values.set(rows);
  return { rows: 1, columns: 2, channels, values, read: () => values, write };
}

test.each([
  [1, 0.25],
  [3, 0.75],
])("a picture of %i channels goes to its own denoiser, also after a loss", async (channels, value) => {
  const denoiser = byColour(filling(0.25), filling(0.75));
  const expected = new Float32Array(2 * channels).fill(value);
  const inMemory = picture(channels);
  expect((await denoiser.denoisePicture(inMemory)).values).toEqual(expected);
  expect(await denoiser.denoise(inMemory, inMemory.write)).toEqual({ strength: value });
  expect(inMemory.values).toEqual(expected);
  let opened = 0;
  const result = await denoiser.denoiseInPlace(async () => {
    opened += 1;
    return picture(channels);
  });
  expect(result.strength).toBe(value);
  expect(result.picture.values).toEqual(expected);
  expect(opened).toBe(2);
});
