import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawnBy, powerLaw } from "../../src/math/power-law.ts";

/** The distribution function: the density's integral up to x, divided by its total integral. */
function below(x: number, low: number, high: number, power: number): number {
  if (power === -1) return Math.log(x / low) / Math.log(high / low);
  return (x ** (power + 1) - low ** (power + 1)) / (high ** (power + 1) - low ** (power + 1));
}

describe("a number drawn from a power law", () => {
  test("inverts the distribution function", () => {
    const powers = fc.integer({ min: -4, max: 4 });
    const lows = fc.double({ min: 0.01, max: 5, noNaN: true });
    const ratios = fc.double({ min: 1.01, max: 100, noNaN: true });
    const parts = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(powers, lows, ratios, parts, (power, low, ratio, part) => {
        const high = low * ratio;
        const x = low + part * (high - low);
        const drawn = drawnBy(powerLaw(low, high, power), below(x, low, high, power));
        // The effect of an error of 2^-53 in the share, where the distribution is flat.
        const density = x ** power / [low, high].map((end) => end ** power).reduce((a, b) => Math.max(a, b));
        expect(Math.abs(drawn - x)).toBeLessThan(1e-13 * (high - low) * (1 + 1 / density));
      }),
    );
  });

  // Integrals by hand: the mean of x with density 1 / x between 1 and e is e - 1, with x^-2 between 1 and 2 it is 2 ln 2, with x
  // between 0 and 1 it is 2 / 3.
  test.each([
    [1, Math.E, -1, Math.E - 1],
    [1, 2, -2, 2 * Math.LN2],
    [0, 1, 1, 2 / 3],
    [1, 3, 0, 2],
  ])("between %d and %d with the power %d has the mean %d", (low, high, power, mean) => {
    const law = powerLaw(low, high, power);
    const count = 100_000;
    let sum = 0;
    for (let i = 0; i < count; i++) sum += drawnBy(law, (i + 0.5) / count);
    expect(sum / count).toBeCloseTo(mean, 8);
  });

  test.each([-4, -3, -2, -1, 1, 2, 3, 4])(
    "uses numbers in the range of float32, for any range: %d",
    (power) => {
      for (const [low, high] of [
        [1e-6, 1],
        [1, 1e6],
        [1e-12, 1e-6],
      ] as const) {
        const { scale, from, to, exponent } = powerLaw(low, high, power);
        for (const value of [scale, from, to, exponent]) {
          expect(value === 0 || Math.abs(Math.fround(value) / value - 1) < 2 ** -23).toBe(true);
        }
      }
    },
  );

  test("from a range of one number is that number, for any power", () => {
    for (const power of [-4, -1, 0, 4]) expect(drawnBy(powerLaw(0.3, 0.3, power), 0.7)).toBe(0.3);
  });
});
