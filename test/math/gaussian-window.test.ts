import { expect, test } from "vitest";
import { gaussianWeights, windowSums } from "../../src/math/gaussian-window.ts";

test("Gaussian weights sum to 1 and decrease like the density", () => {
  const weights = [...gaussianWeights(1.5, 5)];
  expect(weights).toHaveLength(11);
  expect(weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 15);
  expect(weights.toReversed()).toEqual(weights);
  // The ratio of the outermost of the 11 weights to the middle one: exp(-(5 / 1.5)^2 / 2).
  expect((weights[0] ?? 0) / (weights[5] ?? 0)).toBeCloseTo(0.003865920139472808, 15);
});

test("window sums are computed only where the whole window fits", () => {
  const values = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  const sums = windowSums(values, 4, Float64Array.of(1, 10));
  // For a b / c d: a + 10 b + 10 c + 100 d.
  expect([...sums]).toEqual([671, 792, 913, 1155, 1276, 1397]);
});
