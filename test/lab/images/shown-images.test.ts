import { expect, test } from "vitest";
import { meanPsnrs, shownImages } from "../../../src/lab/images/shown.ts";

test("the pictures' PSNR is computed from their pixels", () => {
  const pictures = {
    images: [1, 0],
    labels: [9, 4],
    rows: 1,
    columns: 2,
    clean: Float32Array.of(1, 0, 0, 0),
    noisy: Float32Array.of(0.5, 0.5, 0.5, 0.5),
    denoised: Float32Array.of(0.75, 0.25, 0.125, 0.125),
  };
  const shown = shownImages(pictures);
  expect(shown.map(({ image, label }) => [image, label])).toEqual([
    [1, 9],
    [0, 4],
  ]);
  expect(shownImages({ ...pictures, labels: undefined })[0]?.label).toBeUndefined();
  expect([...(shown[0]?.clean ?? [])]).toEqual([1, 0]);
  // Mean squared errors 1/4, 1/16 and 1/64: 10 log10 of 4, 16 and 64.
  expect(shown[0]?.noisyPsnr).toBeCloseTo(6.0206, 4);
  expect(shown[0]?.denoisedPsnr).toBeCloseTo(12.0412, 4);
  expect(shown[1]?.denoisedPsnr).toBeCloseTo(18.0618, 4);
  expect(meanPsnrs(shown)?.denoised).toBeCloseTo(15.0515, 4);
  expect(meanPsnrs([])).toBeUndefined();
});
