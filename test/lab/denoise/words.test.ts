import { describe, expect, test } from "vitest";
import { denoisedName, shownWidth, showsPixels, zooms } from "../../../src/lab/denoise/words.ts";

const photo = { rows: 3000, columns: 4000 };
const digit = { rows: 28, columns: 28 };

describe("a zoom", () => {
  test("gives a width in CSS", () => {
    expect(zooms.map(({ value }) => shownWidth(value, photo))).toEqual([
      // 70 % of the window's height, times 4 / 3
      `min(100cqi, ${280 / 3}vh)`,
      "4000px",
      "8000px",
      "16000px",
    ]);
  });

  test("shows pixels as squares from 200 % on, and for small pictures that are scaled to fit", () => {
    expect(zooms.map(({ value }) => showsPixels(value, photo))).toEqual([false, false, true, true]);
    expect(zooms.map(({ value }) => showsPixels(value, digit))).toEqual([true, false, true, true]);
  });
});

test("the denoised picture is named after the original picture", () => {
  expect(["photo.jpg", "a.b.webp", "image", ".hidden"].map(denoisedName)).toEqual([
    "photo-denoised.png",
    "a.b-denoised.png",
    "image-denoised.png",
    ".hidden-denoised.png",
  ]);
});
