import { describe, expect, test } from "vitest";
import { bce } from "../../src/metrics/bce.ts";
import { mse } from "../../src/metrics/mse.ts";
import { meanPsnr, psnr } from "../../src/metrics/psnr.ts";

const output = [0.1, 0.5, 0.9, 0, 1, 1e-6, 0.25];
const clean = [0, 0.5, 1, 0, 0, 0.2, 0.75];

describe("bce", () => {
  test("equals PyTorch's BCELoss, including its cut-off at -100", () => {
    // torch.nn.BCELoss()(output, clean) in float64; the fifth value is that of the cut-off.
    expect(bce(output, clean)).toBeCloseTo(14.96837320177453, 12);
    expect(bce([1], [0])).toBe(100);
    expect(bce([0], [1])).toBe(100);
    expect(bce([0, 1], [0, 1])).toBe(0);
  });

  test("is log 2 for a constant output of 0.5", () => {
    expect(bce(Float32Array.of(0.5, 0.5, 0.5), Float32Array.of(0, 0.3, 1))).toBeCloseTo(Math.LN2, 15);
  });

  test("keeps its accuracy for outputs near 0", () => {
    // -log(1 - y) = y + y^2 / 2 + ...
    expect(bce([1e-20], [0])).toBe(1e-20);
  });

  test("is NaN for outputs that are not probabilities", () => {
    expect(bce([1.5], [0])).toBeNaN();
    expect(bce([-0.5], [1])).toBeNaN();
    expect(bce([Number.NaN], [1])).toBeNaN();
  });
});

describe("mse", () => {
  test("equals PyTorch's MSELoss", () => {
    expect(mse(output, clean)).toBeCloseTo(0.18714280000014286, 15);
  });

  test("sums in float64 for arrays of any type", () => {
    const tenth = Float32Array.of(0.1);
    expect(mse(tenth, Float64Array.of(0))).toBe(Math.fround(0.1) ** 2);
  });
});

describe("psnr", () => {
  test.each([
    [1, 0],
    [0.1, 10],
    [0.01, 20],
    [0.25, 6.020599913279624],
    [0, Number.POSITIVE_INFINITY],
  ])("of an error of %d is %d dB", (error, decibels) => {
    expect(psnr(error)).toBeCloseTo(decibels, 12);
  });

  test("is averaged over images, not taken from the average error", () => {
    // Errors 0.01 and 0.0001: (20 + 40) / 2 dB; for their mean it would be 22.97 dB.
    const images = Float64Array.of(0.1, 0.1, 0.01, 0.01);
    expect(meanPsnr(images, new Float64Array(4), 2)).toBeCloseTo(30, 12);
  });

  test("is infinite if one of the images is perfect", () => {
    expect(meanPsnr([0.1, 0], [0, 0], 1)).toBe(Number.POSITIVE_INFINITY);
  });
});

test("arrays that do not match are refused", () => {
  for (const metric of [bce, mse]) {
    expect(() => metric([], [])).toThrow(RangeError);
    expect(() => metric([0.5], [0.5, 0.5])).toThrow(RangeError);
  }
  expect(() => meanPsnr([0.5, 0.5, 0.5], [0.5, 0.5, 0.5], 2)).toThrow(RangeError);
  expect(() => meanPsnr([0.5, 0.5], [0.5], 1)).toThrow(RangeError);
  expect(() => meanPsnr([], [], 2)).toThrow(RangeError);
  expect(() => meanPsnr([0.5], [0.5], 0)).toThrow(RangeError);
});
