import { describe, expect, test } from "vitest";
import { biasCorrection, clippedMean } from "../../src/filters/bias-correction.ts";
import { noisyMean } from "../../src/reference/noisy-mean.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";

/** The mean over a range, computed by the midpoint rule. */
function over(low: number, high: number, value: (setting: number) => number): number {
  const parts = 1000;
  return (
    Array.from({ length: parts }, (_, part) => value(low + ((part + 0.5) * (high - low)) / parts)).reduce(
      (sum, each) => sum + each,
      0,
    ) / parts
  );
}

/**
 * Noises, their mean result for x, and the tolerance for the mean of 32,768 draws: five standard errors. The cases are closed
 * forms, rows, chains and ranges; noise.test.ts tests the moments of each noise.
 */
const cases: readonly (readonly [noise: string, mean: (x: number) => number, tolerance: number])[] = [
  ["gaussian:0.5", (x) => clippedMean(x, 0.5), 1e-12],
  ["blur:1+gaussian:0.3", (x) => clippedMean(x, 0.3), 1e-12],
  ["bands:0.3", (x) => clippedMean(x, 0.3), 0.008],
  ["salt-pepper:0.3", (x) => 0.7 * x + 0.15, 0.011],
  ["mask:0.4+gaussian:0.3+unclipped", (x) => 0.6 * x, 0.016],
  ["gaussian:0.1..0.6", (x) => over(0.1, 0.6, (sigma) => clippedMean(x, sigma)), 0.02],
];

describe("a noise's mean equals its closed form", () => {
  test.each(cases)("%s", (noise, expected, tolerance) => {
    const mean = noisyMean(parseNoise(noise));
    for (const x of [0, 0.1, 0.333, 0.5, 0.77, 1]) {
      expect(Math.abs((mean?.(x) ?? Number.NaN) - expected(x)), `at ${x}`).toBeLessThan(tolerance);
    }
    expect(() => biasCorrection(mean ?? (() => 0))).not.toThrow();
  });
});

test.each([
  ["the noise has no stages", "none"],
  ["its strength is zero", "gaussian:0"],
  ["it does not change a flat picture", "blur:2"],
  ["it does not change the mean", "gaussian:0.5+unclipped"],
  ["nothing of the picture is left", "salt-pepper:1"],
])("a noise has no mean to correct if %s: %s", (_why, noise) => {
  expect(noisyMean(parseNoise(noise))).toBeUndefined();
});
