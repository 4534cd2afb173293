import { expect, test } from "vitest";
import { meanPsnrs, shownDigits } from "../../src/lab/shown-digits.ts";

test("the pictures' PSNR is that of their pixels", () => {
  const validation = {
    count: 2,
    rows: 1,
    columns: 2,
    pixels: Uint8Array.of(0, 0, 255, 0),
    labels: Uint8Array.of(4, 9),
  };
  const pictures = {
    images: [1, 0],
    noisy: Float32Array.of(0.5, 0.5, 0.5, 0.5),
    denoised: Float32Array.of(0.75, 0.25, 0.125, 0.125),
  };
  const digits = shownDigits(validation, pictures);
  expect(digits.map(({ image, label }) => [image, label])).toEqual([
    [1, 9],
    [0, 4],
  ]);
  expect([...(digits[0]?.clean ?? [])]).toEqual([1, 0]);
  // Mean squared errors 1/4, 1/16 and 1/64: 10 log10 of 4, 16 and 64.
  expect(digits[0]?.noisyPsnr).toBeCloseTo(6.0206, 4);
  expect(digits[0]?.denoisedPsnr).toBeCloseTo(12.0412, 4);
  expect(digits[1]?.denoisedPsnr).toBeCloseTo(18.0618, 4);
  expect(meanPsnrs(digits)?.denoised).toBeCloseTo(15.0515, 4);
  expect(meanPsnrs([])).toBeUndefined();
});
