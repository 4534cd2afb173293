import { describe, expect, test } from "vitest";
import { countedWeight, parseMask, spotAlone, spotCells } from "../../src/spec/blind-spots.ts";
import { parseLayers } from "../../src/spec/layer-text.ts";
import { denseLayers } from "../../src/spec/layers.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";
import { defaultTraining, type TrainingSpec } from "../../src/spec/settings.ts";
import { checkTraining } from "../../src/spec/training.ts";

test("about 2 % of the pixels are blind spots, and fewer with a wide mask", () => {
  expect(spotCells([64, 64], spotAlone)).toEqual({ down: 9, across: 9 });
  expect(spotCells([28, 28], spotAlone)).toEqual({ down: 4, across: 4 });
  expect(spotCells([5, 9], spotAlone)).toEqual({ down: 1, across: 1 });
  expect(spotCells([64, 64], parseMask("31x1"))).toEqual({ down: 9, across: 2 });
  expect(countedWeight([28, 28], spotAlone)).toBe(49);
});

describe("self-supervised runs that cannot learn are refused", () => {
  const images = { count: 200, rows: 8, columns: 9 };
  const spec: TrainingSpec = { ...defaultTraining, selfSupervised: true, hidden: parseLayers("conv:4") };
  test.each([
    [{ hidden: denseLayers(8) }, "which needs convolutions: choose hidden layers such as conv:32x7."],
    [{ noiseMap: true }, "which is not available in self-supervised training: leave out the noise map."],
    [
      { mask: parseMask("5x5") },
      "A mask of 5x5 needs images of at least 9 x 9 pixels, but these have 9 x 8:",
    ],
    [{ mask: parseMask("33x1") }, "must be odd numbers from 1 to 31"],
    [{ noise: parseNoise("gaussian:0.3+unclipped") }, "choose the loss mse, or clipped noise."],
    [
      { selfSupervised: false, mask: parseMask("3x1") },
      "hides pixels around the blind spots of self-supervised training",
    ],
  ] as const)("%o", (changes, message) => {
    expect(() => checkTraining({ ...spec, ...changes }, images)).toThrow(message);
  });

  test("others are not", () => {
    expect(checkTraining(spec, images).layers.length).toBe(2);
  });
});
