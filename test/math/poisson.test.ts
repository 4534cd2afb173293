import { describe, expect, test } from "vitest";
import { normalQuantile } from "../../src/math/normal.ts";
import { normalCumulative } from "../../src/math/normal-distribution.ts";
import { poissonQuantile } from "../../src/math/poisson.ts";

/**
 * The multiples of 2^-23 that the generator can return, reduced to `count` of them: the middles of equal parts of (0, 1).
 */
const units = (count: number) => Array.from({ length: count }, (_, index) => (index + 0.5) / count);

describe("the normal quantile", () => {
  test("inverts the normal distribution, to 1e-6 of a standard deviation", () => {
    for (const u of [2 ** -24, 1e-6, 1e-4, ...units(999), 1 - 1e-4, 1 - 1e-6, 1 - 2 ** -24]) {
      const z = normalQuantile(u);
      const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
      expect(Math.abs(normalCumulative(z) - u) / density, `at ${u}`).toBeLessThan(1e-6);
    }
  });

  // R's qnorm, to ten digits.
  test.each([
    [0.975, 1.959963985],
    [0.5, 0],
    [0.001, -3.090232306],
    [1e-6, -4.753424309],
  ])("of %d is %d", (u, z) => {
    expect(Math.abs(normalQuantile(u) - z)).toBeLessThan(1e-6);
  });
});

describe("the Poisson quantile", () => {
  /** P(count <= k) for every relevant k, computed with logarithms, so that the mean can be large. */
  const cumulative = (mean: number) => {
    const sums: number[] = [];
    let sum = 0;
    let logFactorial = 0;
    for (let k = 0; k < mean + 12 * Math.sqrt(mean) + 30; k++) {
      if (k > 0) logFactorial += Math.log(k);
      sum += Math.exp(k * Math.log(mean) - mean - logFactorial);
      sums.push(sum);
    }
    return sums;
  };

  /** The smallest u whose quantile is above k, by bisection. */
  const stepAbove = (mean: number, k: number) => {
    let [low, high] = [0, 1];
    for (let halving = 0; halving < 50; halving++) {
      const middle = (low + high) / 2;
      if (middle === 0 || middle === 1 || poissonQuantile(mean, middle) <= k) low = middle;
      else high = middle;
    }
    return low;
  };

  // Exact for small means, except the tail beyond the generator's last number; for large means with the documented accuracy.
  test.each([
    [0.01, 2 ** -24],
    [0.5, 2 ** -24],
    [3, 2 ** -24],
    [9.99, 2 ** -24],
    [10, 5e-5],
    [14.5, 5e-5],
    [30, 5e-6],
    [100, 4e-7],
    [1000, 2e-7],
    [10_000, 2e-7],
  ])("of the mean %d has the distribution's probabilities, to %d", (mean, tolerance) => {
    cumulative(mean).forEach((want, k) => {
      if (want < 2 ** -24 || want > 1 - 2 ** -24) return;
      expect(Math.abs(stepAbove(mean, k) - want), `P(count <= ${k})`).toBeLessThanOrEqual(tolerance);
    });
  });

  test("of a mean of 0 is 0, and no u gives a negative count or one that is far off", () => {
    for (const u of [2 ** -24, ...units(99), 1 - 2 ** -24]) {
      expect(poissonQuantile(0, u)).toBe(0);
      for (const mean of [1e-9, 0.1, 1, 5, 9.999, 10, 12, 50, 1e6]) {
        const count = poissonQuantile(mean, u);
        expect(Number.isInteger(count)).toBe(true);
        expect(count).toBeGreaterThanOrEqual(Math.max(0, Math.floor(mean - 6 * Math.sqrt(mean))));
        expect(count).toBeLessThanOrEqual(mean + 7 * Math.sqrt(mean) + 10);
      }
    }
  });
});
