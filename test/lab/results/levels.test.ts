import { expect, test } from "vitest";
import { fastestFirst } from "../../../src/filters/filter.ts";
import { filters } from "../../../src/filters/filters.ts";
import type { FilterResult } from "../../../src/lab/protocol.ts";
import { levelsBy, passedAt } from "../../../src/lab/results/state.ts";

const tuned = { strength: 1, corrected: true, psnr: 0 };
const results: FilterResult[] = [
  { filter: "gaussian", tuned, scores: { psnr: 15.2, ssim: 0.7 } },
  { filter: "dct", tuned, scores: { psnr: 15.9, ssim: 0.6 } },
];
const noisy = { psnr: 9.5, ssim: 0.3 };

test("levels are sorted by the plotted score, best first", () => {
  expect(levelsBy("psnr", noisy, results).map(({ name }) => name)).toEqual(["dct", "gaussian", "noisy"]);
  expect(levelsBy("ssim", noisy, results).map(({ name }) => name)).toEqual(["gaussian", "dct", "noisy"]);
  expect(levelsBy("psnr", undefined, [])).toEqual([]);
});

test("a level is passed in the first epoch whose score is above it", () => {
  const epochs = [9, 15.2, 15.3, 15.1].map((psnr, index) => ({
    epoch: 2 * index + 1,
    noisy,
    denoised: { psnr, ssim: undefined },
  }));
  expect(passedAt({ psnr: 15.2, ssim: 0.7 }, "psnr", epochs)).toBe(5);
  expect(passedAt({ psnr: 8, ssim: 0.7 }, "psnr", epochs)).toBe(1);
  expect(passedAt({ psnr: 15.9, ssim: 0.7 }, "psnr", epochs)).toBeUndefined();
  expect(passedAt({ psnr: 8, ssim: 0.7 }, "ssim", epochs)).toBeUndefined();
  expect(passedAt({ psnr: 8, ssim: undefined }, "ssim", epochs)).toBeUndefined();
});

test("every classical filter is compared once", () => {
  expect(fastestFirst.toSorted()).toEqual(Object.keys(filters).sort());
});
