import { expect, test } from "vitest";
import { deepImagePrior, type PriorLook } from "../../src/alone/deep-image-prior.ts";
import { eightfold } from "../../src/alone/eightfold.ts";
import { halves } from "../../src/alone/halves.ts";
import { checkLargeEnough, learnFromPictures, usualSteps } from "../../src/alone/one-picture.ts";
import type { Picture } from "../../src/data/picture.ts";
import { Engine } from "../../src/engine/engine.ts";
import type { Model } from "../../src/spec/network.ts";
import { useCpu } from "../support/open-cpu.ts";
import { noisy, quality, scene } from "./scene.ts";

const cpu = useCpu();

async function withEngine<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
  // The shared device outlives its engines.
  const engine = await Engine.open({ openDevice: async () => ({ device: cpu(), release: () => {} }) });
  try {
    return await work(engine);
  } finally {
    engine.close();
  }
}

test("the halves of a picture are the fields of a checkerboard, squeezed along rows and along columns", () => {
  const picture: Picture = {
    ...{ rows: 3, columns: 5, channels: 1 },
    values: Float32Array.from({ length: 15 }, (_, place) => place),
  };
  const size = { channels: 1 };
  expect(halves(picture, 2)).toEqual([
    {
      one: { ...size, rows: 3, columns: 2, pixels: Float32Array.of(0, 4, 12, 16, 20, 24) },
      other: { ...size, rows: 3, columns: 2, pixels: Float32Array.of(2, 6, 10, 14, 22, 26) },
    },
    {
      one: { ...size, rows: 1, columns: 5, pixels: Float32Array.of(0, 12, 4, 16, 8) },
      other: { ...size, rows: 1, columns: 5, pixels: Float32Array.of(10, 2, 14, 6, 18) },
    },
  ]);
});

test("a large picture is represented by sixteen excerpts that reach its corners", () => {
  const [rows, columns] = [2100, 2200];
  const picture: Picture = { rows, columns, channels: 1, values: new Float32Array(rows * columns) };
  picture.values[0] = 1;
  picture.values[rows * columns - 1] = 1;
  const all = halves(picture, 1);
  expect(all.length).toBe(32);
  const sums = all.map(({ one, other }) =>
    [one, other].map(({ pixels }) => pixels.reduce((sum, value) => sum + value)),
  );
  expect(sums.flat().filter((sum) => sum > 0)).toEqual([1, 1, 1, 1]);
  expect(all[0]?.one.pixels[0]).toBe(1);
});

test("the mean over eight turns and flips does not depend on how the picture is turned", async () => {
  const picture = noisy(scene(21, 34, 3), 0.1);
  const mirrored = (of: Picture): Picture => {
    const { rows, columns, channels } = of;
    const values = of.values.map((_, place) => {
      const [pixel, channel] = [Math.floor(place / channels), place % channels];
      const [row, column] = [Math.floor(pixel / columns), pixel % columns];
      return of.values[(row * columns + columns - 1 - column) * channels + channel] ?? Number.NaN;
    });
    return { rows, columns, channels, values };
  };
  await withEngine(async (engine) => {
    const model = await learnFromPictures(engine, [picture], { steps: 40 });
    const once = await engine.createPictureDenoiser(model);
    const eight = eightfold(once);
    const plain = await once.denoisePicture(picture);
    const mean = await eight.denoisePicture(picture);
    const other = mirrored(await eight.denoisePicture(mirrored(picture)));
    let largest = 0;
    mean.values.forEach((value, place) => {
      largest = Math.max(largest, Math.abs(value - (other.values[place] ?? Number.NaN)));
    });
    expect(largest).toBeLessThan(1e-5);
    expect(mean.values).not.toEqual(plain.values);
    eight.destroy();
  });
});

test.each([1, 3] as const)(
  "a network learns from one noisy picture of %i channels, whatever its range",
  async (channels) => {
    const clean = scene(48, 56, channels);
    const seen = noisy(clean, 0.1);
    const dark = (picture: Picture): Picture => ({
      ...picture,
      values: picture.values.map((value) => 0.05 * value),
    });
    await withEngine(async (engine) => {
      const models: Model[] = [];
      const told: [share: number, steps: number][] = [];
      const denoised = async (picture: Picture) => {
        const model = await learnFromPictures(engine, [picture], {
          steps: 160,
          onProgress: (...progress) => void told.push(progress),
          onModel: async (made) => void models.push(made),
        });
        const denoiser = eightfold(await engine.createPictureDenoiser(model));
        const result = await denoiser.denoisePicture(picture);
        denoiser.destroy();
        return result;
      };
      const result = await denoised(seen);
      expect(quality(result, clean)).toBeGreaterThan(quality(seen, clean) + 5);
      expect(models.length).toBe(19);
      expect(told.at(-1)).toEqual([1, 160]);
      // The scale of a picture does not change what is learned, but for rounding.
      const faint = await denoised(dark(seen));
      faint.values.forEach((value, place) => {
        expect(Math.abs(20 * value - (result.values[place] ?? Number.NaN))).toBeLessThan(0.02);
      });
    });
  },
);

test("learning that is stopped returns the network as far as it has learned", async () => {
  const picture = noisy(scene(32, 32, 1), 0.1);
  await withEngine(async (engine) => {
    const stop = new AbortController();
    const model = await learnFromPictures(engine, [picture], {
      signal: stop.signal,
      onModel: async () => stop.abort(),
    });
    const untrained = await learnFromPictures(engine, [picture], { signal: AbortSignal.abort() });
    expect(model.layers[0]?.weight).not.toEqual(untrained.layers[0]?.weight);
  });
});

test("the default steps are proportional to the pixels of all pictures, from 300 to 3000", () => {
  const square = (side: number) => ({ rows: side, columns: side });
  expect([16, 80, 128, 256, 4000].map((side) => usualSteps([square(side)]))).toEqual([
    300, 300, 760, 3000, 3000,
  ]);
  expect(usualSteps([square(128), square(128)])).toBe(1500);
});

test("pictures that are too small are refused", () => {
  expect(() => checkLargeEnough({ rows: 15, columns: 40 }, "small.png")).toThrow(
    "small.png has 40 x 15 pixels, too few to learn from: at least 16 x 16 are needed.",
  );
});

test("Deep Image Prior: the error of the held-out pixels stops near the best output", async () => {
  const clean = scene(64, 64, 1);
  const picture = noisy(clean, 0.12);
  await withEngine(async (engine) => {
    const previews: PriorLook[] = [];
    for await (const preview of deepImagePrior(engine, picture, { steps: 250 })) previews.push(preview);
    const qualities = previews.map((preview) => quality(preview.picture, clean));
    const best = previews.findLast(({ isBest }) => isBest);
    if (!best) throw new Error("No preview is the best.");
    expect(quality(best.picture, clean)).toBeGreaterThan(quality(picture, clean) + 5);
    expect(quality(best.picture, clean)).toBeGreaterThan(Math.max(...qualities) - 1);
  });
});

test("Deep Image Prior also reproduces dark and light pictures", async () => {
  const grey = scene(64, 64, 1);
  const shades = { dark: (value: number) => 0.15 * value, light: (value: number) => 0.85 + 0.15 * value };
  await withEngine(async (engine) => {
    for (const shade of Object.values(shades)) {
      const clean = { ...grey, values: grey.values.map(shade) };
      const mean = clean.values.reduce((sum, value) => sum + value, 0) / clean.values.length;
      const flat = { ...clean, values: clean.values.map(() => mean) };
      let last: PriorLook | undefined;
      for await (const preview of deepImagePrior(engine, noisy(clean, 0.01), { steps: 120 })) last = preview;
      expect(last && quality(last.picture, clean)).toBeGreaterThan(quality(flat, clean) + 3);
    }
  });
});

test("Deep Image Prior needs a square picture", async () => {
  await withEngine(async (engine) => {
    await expect(deepImagePrior(engine, scene(64, 72, 1)).next()).rejects.toThrow(
      "The picture must be square, of at most 256 x 256 pixels and a multiple of 8, but it has 72 x 64.",
    );
  });
});
