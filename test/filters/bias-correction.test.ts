import { describe, expect, test } from "vitest";
import { biasCorrection, clippedMean, unbias } from "../../src/filters/bias-correction.ts";
import { answers, planeOf } from "./fixtures.ts";

describe("clippedMean", () => {
  test.each(answers.clippedMean)(
    "of $clean with noise of $sigma is SciPy's integral",
    ({ clean, sigma, mean }) => {
      expect(Math.abs(clippedMean(clean, sigma) - mean)).toBeLessThan(1e-12);
    },
  );

  test("is the value itself without noise, and 0.5 with infinite noise", () => {
    expect(clippedMean(0.3, 0)).toBe(0.3);
    expect(clippedMean(0.3, 1e-6)).toBeCloseTo(0.3, 14);
    expect(clippedMean(0.3, 1e6)).toBeCloseTo(0.5, 6);
  });

  test("is symmetric in black and white", () => {
    for (const clean of [0, 0.1, 0.4]) {
      expect(clippedMean(clean, 0.5) + clippedMean(1 - clean, 0.5)).toBeCloseTo(1, 14);
    }
  });
});

describe("biasCorrection", () => {
  test.each([0.02, 0.1, 0.5, 1, 10])("undoes the mean of clipped noise of %d", (sigma) => {
    const correct = biasCorrection((clean) => clippedMean(clean, sigma));
    for (let clean = 0; clean <= 1; clean += 0.0137) {
      expect(Math.abs(correct(clippedMean(clean, sigma)) - clean)).toBeLessThan(1e-6);
    }
  });

  test("undoes salt and pepper, and masking, whose means are linear", () => {
    const saltAndPepper = biasCorrection((clean) => 0.7 * clean + 0.15);
    const masking = biasCorrection((clean) => 0.6 * clean);
    for (const clean of [0, 0.2, 0.513, 1]) {
      expect(saltAndPepper(0.7 * clean + 0.15)).toBeCloseTo(clean, 12);
      expect(masking(0.6 * clean)).toBeCloseTo(clean, 12);
    }
  });

  test("gives black or white for means that no clean value has", () => {
    const correct = biasCorrection((clean) => clippedMean(clean, 0.5));
    expect([-1, 0, 0.19, 0.81, 1, 2].map(correct)).toEqual([0, 0, 0, 1, 1, 1]);
  });

  test("refuses a mean that has no inverse", () => {
    expect(() => biasCorrection(() => 0.5)).toThrow("does not increase at the clean value 0.");
    expect(() => biasCorrection((clean) => Math.abs(clean - 0.5))).toThrow(RangeError);
    expect(() => biasCorrection(() => Number.NaN)).toThrow(RangeError);
  });
});

test("unbias corrects every value of a plane, in a new array", () => {
  const plane = planeOf(2, 2, (row, column) => row + column);
  expect([...unbias(plane, (mean) => mean / 4).values]).toEqual([0, 0.25, 0.25, 0.5]);
  expect([...plane.values]).toEqual([0, 1, 1, 2]);
});
