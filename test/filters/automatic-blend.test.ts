import { expect, test } from "vitest";
import { type Picture, rowsOf } from "../../src/data/picture.ts";
import { automaticBlend } from "../../src/filters/automatic-blend.ts";
import { quality, scene } from "../alone/scene.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";

const [rows, columns] = [150, 190];

/** Nearly normal numbers of variance 1. */
function normals(name: string, count: number): Float32Array {
  const numbers = new MadeNumbers(name);
  return Float32Array.from({ length: count }, () =>
    Array.from({ length: 12 }, () => numbers.next(-0.5, 0.5)).reduce((sum, one) => sum + one),
  );
}

/**
 * A clean picture; its noisy version, whose noise grows with brightness; and a prediction that errs in
 * some places. */
function made(channels: 1 | 3) {
  const clean = scene(rows, columns, channels);
  const [ofNoise, ofError] = [normals("noise", clean.values.length), normals("error", clean.values.length)];
  const deviations = clean.values.map((value) => 0.03 + 0.1 * value);
  const errors = clean.values.map((_, at) => {
    const pixel = Math.floor(at / channels);
    return (
      0.005 + 0.1 * Math.sin(Math.floor(pixel / columns) / 30) ** 2 * Math.sin((pixel % columns) / 30) ** 2
    );
  });
  const plus = (by: (at: number) => number): Picture => ({
    ...clean,
    values: clean.values.map((value, at) => value + by(at)),
  });
  return {
    clean,
    noisy: plus((at) => (deviations[at] ?? 0) * (ofNoise[at] ?? 0)),
    predicted: plus((at) => (errors[at] ?? 0) * (ofError[at] ?? 0)),
    /** The share of the noisy value that has the lowest squared error, if both variances are known. */
    shares: errors.map((error, at) => error ** 2 / (error ** 2 + (deviations[at] ?? 0) ** 2)),
  };
}

async function blend(noisy: Picture, predicted: Picture): Promise<Picture> {
  const values = new Float32Array(predicted.values.length);
  const width = predicted.columns * predicted.channels;
  await automaticBlend(rowsOf(noisy), predicted, (first, finished) => values.set(finished, first * width));
  return { ...predicted, values };
}

const known = ({ noisy, predicted, shares }: ReturnType<typeof made>): Picture => ({
  ...predicted,
  values: predicted.values.map((value, at) => value + (shares[at] ?? 0) * ((noisy.values[at] ?? 0) - value)),
});

test.each([1, 3] as const)("%i channels: nearly as good as with the variances known", async (channels) => {
  const pictures = made(channels);
  const { clean, noisy, predicted } = pictures;
  const result = quality(await blend(noisy, predicted), clean);
  const best = quality(known(pictures), clean);
  expect(best - quality(predicted, clean)).toBeGreaterThan(2);
  expect(best - quality(noisy, clean)).toBeGreaterThan(2);
  expect(best - result).toBeLessThan(0.5);
});

test("a prediction without error stays almost as it is", async () => {
  const { clean, noisy } = made(1);
  const result = await blend(noisy, clean);
  expect(quality(result, clean) - quality(noisy, clean)).toBeGreaterThan(12);
});

test("a source whose rows are overwritten by the result gives the same", async () => {
  const { noisy, predicted } = made(1);
  const expected = await blend(noisy, predicted);
  const overwritten = { ...noisy, values: noisy.values.slice() };
  await automaticBlend(rowsOf(overwritten), predicted, (first, finished) =>
    overwritten.values.set(finished, first * columns),
  );
  expect(overwritten.values).toEqual(expected.values);
});

test("a dead pixel brings back neither itself nor the noise around it", async () => {
  const { clean, noisy } = made(1);
  const [row, column] = [70, 90];
  const before = quality(window(await blend(noisy, clean)), window(clean));
  noisy.values[row * columns + column] = 1e25;
  const result = await blend(noisy, clean);
  expect(before - quality(window(result), window(clean))).toBeLessThan(3);

  /** The pixels around the dead one. */
  function window({ values }: Picture): Picture {
    const side = 25;
    const cut = Float32Array.from({ length: side * side }, (_, at) => {
      const [y, x] = [row - 12 + Math.floor(at / side), column - 12 + (at % side)];
      return values[y * columns + x] ?? Number.NaN;
    });
    return { rows: side, columns: side, channels: 1, values: cut };
  }
});

test("it pauses between rows, and stops if that throws", async () => {
  const { noisy, predicted } = made(1);
  const reason = new Error("cancelled");
  let pauses = 0;
  const work = automaticBlend(
    rowsOf(noisy),
    predicted,
    () => {},
    async () => {
      pauses += 1;
      if (pauses === 5) throw reason;
    },
  );
  await expect(work).rejects.toBe(reason);
});

test("values that are not numbers leave the prediction around them", async () => {
  const { noisy, predicted } = made(1);
  noisy.values[5 * columns + 7] = Number.NaN;
  const { values } = await blend(noisy, predicted);
  expect(values.some(Number.isNaN)).toBe(false);
  expect(values[5 * columns + 7]).toBe(predicted.values[5 * columns + 7]);
});

test.each([
  [1, 1],
  [1, 40],
  [9, 5],
])("%i x %i pixels, fewer than the window has, give numbers between the two", async (height, width) => {
  const [noisy, predicted] = ["noisy", "predicted"].map((name) => ({
    ...{ rows: height, columns: width, channels: 1 },
    values: new MadeNumbers(name).floats(height * width, 0, 1),
  }));
  if (!noisy || !predicted) throw new Error("There are two pictures.");
  const { values } = await blend(noisy, predicted);
  values.forEach((value, at) => {
    const ends = [noisy.values[at] ?? 0, predicted.values[at] ?? 0] as const;
    expect(value).toBeGreaterThanOrEqual(Math.min(...ends) - 1e-6);
    expect(value).toBeLessThanOrEqual(Math.max(...ends) + 1e-6);
  });
});
