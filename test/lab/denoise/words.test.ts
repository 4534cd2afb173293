import { describe, expect, test } from "vitest";
import { denoisedNames } from "../../../src/lab/denoise/saving.ts";
import {
  doneWords,
  modelWords,
  shownWidth,
  showsPixels,
  strengthWords,
  zooms,
} from "../../../src/lab/denoise/state.ts";
import { autoencoder } from "../../../src/spec/network.ts";

const photo = { rows: 3000, columns: 4000 };
const digit = { rows: 28, columns: 28 };

describe("a zoom", () => {
  test("gives a width in CSS", () => {
    expect(zooms.map(({ value }) => shownWidth(value, photo))).toEqual([
      // 70 % of the window's height, and two thirds of the width, times 4 / 3
      `min(100cqi, ${70 * (4 / 3)}vh, 88cqi)`,
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

test("denoised pictures are named after the original ones, each differently", () => {
  expect(denoisedNames(["photo.jpg", "a.b.webp", "image", ".hidden", "photo.png", "photo.jpg"])).toEqual([
    "photo-denoised.png",
    "a.b-denoised.png",
    "image-denoised.png",
    ".hidden-denoised.png",
    "photo-denoised-2.png",
    "photo-denoised-3.png",
  ]);
});

test("the strength of noise is given as a share of white and in levels", () => {
  expect([25 / 255, 0.0131, 0.5].map(strengthWords)).toEqual([
    "0.098, 25 of 255",
    "0.013, 3.3 of 255",
    "0.500, 128 of 255",
  ]);
});

test("what denoised a picture has a name", () => {
  const progress = { epoch: 3, epochs: 9, step: 1, stepsPerEpoch: 9 };
  expect(modelWords({ model: "photo", progress: undefined })).toBe("the network for photographs");
  expect(modelWords({ model: { file: "a.safetensors" }, progress: undefined })).toBe("a.safetensors");
  expect(modelWords({ model: { steps: 400 }, progress: undefined })).toBe("a network that learned from it");
  expect(modelWords({ model: undefined, progress })).toBe("the run after 3 epochs and 1 step");
});

test("what was done is said with its time, and with the steps of a network that learned", () => {
  const done = {
    ...{ rows: 2, columns: 2, png: new Blob(), network: autoencoder([8, 8], [4]), unchanged: false },
    ...{ seconds: 58.2, estimate: undefined, progress: undefined, model: "photo" as const },
  };
  expect(doneWords(done)).toBe("Done in 58 s.");
  expect(doneWords({ ...done, unchanged: true })).toBe(
    "No noise was found, so the picture is left as it is.",
  );
  expect(doneWords({ ...done, model: { file: "a.safetensors" } })).toBe("Done in 58 s.");
  expect(doneWords({ ...done, model: { steps: 3000 } })).toBe(
    "Done in 58 s, after learning for 3,000 steps.",
  );
});
