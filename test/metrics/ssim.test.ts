import { describe, expect, test } from "vitest";
import { ssim } from "../../src/metrics/ssim.ts";
import { answers, at, planeFixture, planeOf } from "../filters/fixtures.ts";

const clean = planeFixture("clean");
const noisy = planeFixture("noisy");
const inverted = { ...clean, values: Float32Array.from(clean.values, (value) => 1 - value) };

describe("ssim", () => {
  test("equals scikit-image's for a noisy picture", () => {
    expect(ssim(noisy, clean)).toBeCloseTo(answers.ssim.noisy, 12);
  });

  test("equals scikit-image's, and is negative, for an inverted picture", () => {
    // 1 - value is rounded to float32 here, but not in scikit-image.
    expect(ssim(inverted, clean)).toBeCloseTo(answers.ssim.inverted, 6);
  });

  test("equals scikit-image's for the smallest picture, which has the window's size", () => {
    const corner = (plane: typeof clean) => planeOf(11, 11, (row, column) => at(plane, row, column));
    expect(ssim(corner(noisy), corner(clean))).toBeCloseTo(answers.ssim.smallest, 12);
  });

  test("is 1 for equal planes, also for constant ones", () => {
    expect(ssim(noisy, noisy)).toBe(1);
    const grey = planeOf(28, 28, () => 0.5);
    expect(ssim(grey, grey)).toBe(1);
  });

  test("is symmetric", () => {
    expect(ssim(noisy, clean)).toBeCloseTo(ssim(clean, noisy), 14);
  });

  test("of two constant planes depends only on their means", () => {
    // The second factor, for the variances, is c2 / c2.
    const c1 = 1e-4;
    const expected = (2 * 0.25 * 0.75 + c1) / (0.25 ** 2 + 0.75 ** 2 + c1);
    const output = planeOf(12, 30, () => 0.25);
    expect(
      ssim(
        output,
        planeOf(12, 30, () => 0.75),
      ),
    ).toBeCloseTo(expected, 10);
  });

  test("of a window is not affected by pixels outside it", () => {
    // The window at the upper left ends at row 10, so a change below that row does not affect its SSIM.
    const upper = planeOf(11, 24, (row, column) => at(noisy, row, column));
    const upperClean = planeOf(11, 24, (row, column) => at(clean, row, column));
    const changed = planeOf(20, 24, (row, column) => (row < 11 ? at(noisy, row, column) : 0));
    expect(ssim(changed, clean)).not.toBe(ssim(noisy, clean));
    const cut = planeOf(11, 24, (row, column) => at(changed, row, column));
    expect(ssim(cut, upperClean)).toBe(ssim(upper, upperClean));
  });

  test("refuses planes of different shapes, and those smaller than its window", () => {
    expect(() =>
      ssim(
        clean,
        planeOf(24, 20, () => 0),
      ),
    ).toThrow("20 x 24 pixels cannot be compared with 24 x 20");
    const small = planeOf(10, 28, () => 0);
    expect(() => ssim(small, small)).toThrow("SSIM needs 11 x 11 pixels, and there are 10 x 28.");
  });

  test("is NaN for values that are not numbers", () => {
    const values = noisy.values.slice();
    values[100] = Number.NaN;
    expect(ssim({ ...noisy, values }, clean)).toBeNaN();
  });
});
