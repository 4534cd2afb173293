import { expect, test } from "vitest";
import type { ByteImageSet } from "../../src/data/image-set.ts";
import { streams } from "../../src/math/streams.ts";
import { corruptBatch } from "../../src/reference/corrupt-batch.ts";
import { noNoise } from "../../src/spec/noise.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";
import { evaluationData } from "../../src/training/evaluation-data.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";

const made = new MadeNumbers("evaluation data");
const images = (name: string, count: number, rows: number, columns: number): ByteImageSet => ({
  name,
  count,
  rows,
  columns,
  pixels: made.bytes(count * rows * columns),
});

const [train, validation] = [images("train", 10, 4, 6), images("validation", 5, 4, 6)];
const shape = { rows: 4, columns: 6, channels: 1 };
const noise = parseNoise("gaussian:0.1..0.6");

/** Equal up to the rounding of float32, here and in the pixels to which the noise is added. */
function expectEqual(found: readonly number[], expected: Float64Array): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, index) => {
    expect(Math.abs((found[index] ?? Number.NaN) - value)).toBeLessThan(2 ** -23);
  });
}

test.each([
  ["evaluated", validation, streams.validationNoise, [3, 0]],
  ["tuned", train, streams.trainingNoise, [9, 2]],
] as const)("%s images have the same noise as in training", async (part, set, stream, numbers) => {
  const data = evaluationData({ train, validation }, { noise, seed: 5 }, 10);
  const samples = await data[part].read(numbers);
  const expected = corruptBatch({ clean: set.pixels }, shape, numbers, noise, { seed: 5, stream, epoch: 0 });
  expectEqual(
    samples.flatMap(({ noisy }) => [...noisy.values]),
    expected.x,
  );
  expectEqual(
    samples.flatMap(({ clean }) => [...clean.values]),
    expected.clean,
  );
});

test("tuning images are evenly spaced, or all of them if there are too few", async () => {
  const clean = { noise: noNoise, seed: 0 };
  const { tuned } = evaluationData({ train, validation }, clean, 4);
  const first = (await tuned.read([0, 1, 2, 3])).map(({ clean }) => clean.values[0]);
  expect(tuned.count).toBe(4);
  expect(first).toEqual([0, 2, 5, 7].map((image) => Math.fround((train.pixels[image * 24] ?? 0) / 255)));
  expect(evaluationData({ train, validation }, clean, 11).tuned.count).toBe(10);
});

test("for large colour pictures and their twins, only the middles are used for tuning", async () => {
  const [rows, columns, channels] = [70, 101, 3];
  const set = () => {
    const pixels = made.bytes(rows * columns * channels);
    return { name: "set", channels, pictures: [{ name: "a", rows, columns, channels, pixels }] };
  };
  const [clean, noisy] = [set(), set()];
  const data = evaluationData(
    { train: clean, noisyTrain: noisy, validation: clean, noisyValidation: noisy },
    { noise: noNoise, seed: 0 },
    40,
  );
  const [middle] = await data.tuned.read([0]);
  const [whole] = await data.evaluated.read([0]);
  expect(whole?.noisy).toMatchObject({ rows, columns, channels });
  for (const [part, from] of [["clean", clean] as const, ["noisy", noisy] as const]) {
    expect(middle?.[part]).toMatchObject({ rows: 64, columns: 64, channels });
    // The middle starts at row 3 and column 18.
    const at = (row: number, column: number, channel: number) =>
      Math.fround(
        (from.pictures[0]?.pixels[((row + 3) * columns + column + 18) * channels + channel] ?? 0) / 255,
      );
    expect(middle?.[part].values[0]).toBe(at(0, 0, 0));
    expect(middle?.[part].values[(63 * 64 + 63) * 3 + 2]).toBe(at(63, 63, 2));
    expect(middle?.[part].values[(20 * 64 + 40) * 3 + 1]).toBe(at(20, 40, 1));
  }
});
