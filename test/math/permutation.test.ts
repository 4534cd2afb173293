import { describe, expect, test } from "vitest";
import { permutation, permute } from "../../src/math/permutation.ts";
import { streams } from "../../src/math/streams.ts";

/** All values of a permutation. */
function listed(count: number, seed: number, epoch: number): number[] {
  const shuffle = permutation(count, seed, streams.shuffle, epoch);
  return Array.from({ length: count }, (_, position) => permute(shuffle, position));
}

const inOrder = (count: number) => Array.from({ length: count }, (_, position) => position);

describe("a permutation contains every position once", () => {
  const powers = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((power) => 2 ** power);
  const sizes = [...inOrder(65).slice(1), ...powers.flatMap((size) => [size - 1, size, size + 1]), 60_000];
  test.each(sizes)("%i", (count) => {
    for (const epoch of [0, 1, 99]) {
      const met = Uint32Array.from(listed(count, count ^ 0x5eed, epoch)).sort();
      expect(met.findIndex((place, position) => place !== position)).toBe(-1);
    }
  });
});

test("all orders of 4 images are about equally frequent", () => {
  const times = new Map<string, number>();
  const draws = 24_000;
  for (let seed = 0; seed < draws; seed++) {
    const order = listed(4, seed, 0).join();
    times.set(order, (times.get(order) ?? 0) + 1);
  }
  expect(times.size).toBe(24);
  const expected = draws / 24;
  const chiSquared = [...times.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // 23 degrees of freedom: 49.7 is exceeded with a probability of 0.001. The seeds are fixed, so the result is always the same.
  expect(chiSquared).toBeLessThan(49.7);
});

test("a shuffle is uncorrelated with the unshuffled order and with the previous epoch", () => {
  const count = 8000;
  const first = listed(count, 0, 0);
  const second = listed(count, 0, 1);
  const correlation = (a: readonly number[], b: readonly number[]) => {
    const mean = (count - 1) / 2;
    const variance = (count * count - 1) / 12;
    return (
      a.reduce((sum, value, index) => sum + (value - mean) * ((b[index] ?? 0) - mean), 0) / count / variance
    );
  };
  // The correlation of independent orders has a standard deviation of 1 / sqrt(8000) = 0.011.
  expect(Math.abs(correlation(first, inOrder(count)))).toBeLessThan(0.045);
  expect(Math.abs(correlation(first, second))).toBeLessThan(0.045);
  expect(Math.abs(correlation(first.slice(0, -1), first.slice(1)))).toBeLessThan(0.045);
});
