import { describe, expect, test } from "vitest";
import { biasCorrection, clippedMean } from "../../src/filters/bias-correction.ts";
import { noisyMean } from "../../src/reference/noisy-mean.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";

/** The mean over a range, by its middles. */
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
 * Noises, what they make of x on average, and how far off the mean of 32,768 draws may be: five standard errors. Means in closed
 * form, of rows, of chains and of ranges; each noise's own moments are in add-noise.test.ts.
 */
const cases: readonly (readonly [noise: string, mean: (x: number) => number, tolerance: number])[] = [
  ["gaussian:0.5", (x) => clippedMean(x, 0.5), 1e-12],
  ["blur:1+gaussian:0.3", (x) => clippedMean(x, 0.3), 1e-12],
  ["bands:0.3", (x) => clippedMean(x, 0.3), 0.008],
  ["salt-pepper:0.3", (x) => 0.7 * x + 0.15, 0.011],
  ["mask:0.4+gaussian:0.3+unclipped", (x) => 0.6 * x, 0.016],
  ["gaussian:0.1..0.6", (x) => over(0.1, 0.6, (sigma) => clippedMean(x, sigma)), 0.02],
];

describe("a noise's mean is the one in closed form", () => {
  test.each(cases)("%s", (noise, expected, tolerance) => {
    const mean = noisyMean(parseNoise(noise));
    for (const x of [0, 0.1, 0.333, 0.5, 0.77, 1]) {
      expect(Math.abs((mean?.(x) ?? Number.NaN) - expected(x)), `at ${x}`).toBeLessThan(tolerance);
    }
    expect(() => biasCorrection(mean ?? (() => 0))).not.toThrow();
  });
});

test.each([
  ["nothing is done", "none"],
  ["there is no noise in it", "gaussian:0"],
  ["a flat picture stays as it is", "blur:2"],
  ["the mean stays as it is", "gaussian:0.5+unclipped"],
  ["nothing is left of the picture", "salt-pepper:1"],
])("there is none where %s: %s", (_why, noise) => {
  expect(noisyMean(parseNoise(noise))).toBeUndefined();
});
