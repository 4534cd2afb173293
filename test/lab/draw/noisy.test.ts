import { expect, test } from "vitest";
import { noisy } from "../../../src/lab/draw/drawing.ts";

const grey = { rows: 40, columns: 50, values: new Float32Array(2000).fill(0.5) };

test("the noise is Gaussian with its factor as deviation, and the factor only scales the field", () => {
  const thin = noisy(grey, 0.05, 3).values.map((value) => value - 0.5);
  const mean = thin.reduce((sum, value) => sum + value) / thin.length;
  const deviation = Math.sqrt(thin.reduce((sum, value) => sum + value ** 2, 0) / thin.length);
  // Within four standard errors of 2,000 draws.
  expect(Math.abs(mean)).toBeLessThan((4 * 0.05) / Math.sqrt(2000));
  expect(Math.abs(deviation / 0.05 - 1)).toBeLessThan(4 / Math.sqrt(4000));
  const thick = noisy(grey, 0.1, 3).values;
  thick.forEach((value, pixel) => {
    expect(value).toBeCloseTo(0.5 + 2 * (thin[pixel] ?? Number.NaN), 5);
  });
});

test("fields differ, values stay in [0, 1], and factor 0 adds no noise", () => {
  expect(noisy(grey, 0.5, 0).values).not.toEqual(noisy(grey, 0.5, 1).values);
  const { values, rows, columns } = noisy(grey, 1, 0);
  expect([rows, columns]).toEqual([40, 50]);
  expect([Math.min(...values), Math.max(...values)]).toEqual([0, 1]);
  expect(noisy(grey, 0, 7)).toEqual(grey);
});
