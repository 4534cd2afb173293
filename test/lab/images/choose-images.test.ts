import { describe, expect, test } from "vitest";
import { chooseImages } from "../../../src/lab/images/summary.ts";
import { MadeNumbers } from "../../kernels/made-numbers.ts";

describe("choosing images", () => {
  const labels = Uint8Array.from({ length: 100 }, (_, image) => image % 10);
  const images = { validationImages: 100, labels };
  const unlabelled = { validationImages: 100, labels: undefined };

  test("draws ten different images, ordered by label", () => {
    const chosen = chooseImages(images, new Set());
    expect(new Set(chosen).size).toBe(10);
    const shown = chosen.map((image) => labels[image] ?? -1);
    expect(shown).toEqual([...shown].sort());
  });

  test("draws only images with the wanted labels, at most as many as exist", () => {
    const wanted = chooseImages(images, new Set([3, 7]));
    expect(wanted).toHaveLength(10);
    expect(new Set(wanted.map((image) => labels[image]))).toEqual(new Set([3, 7]));
    const few = { validationImages: 20, labels: labels.subarray(0, 20) };
    expect(chooseImages(few, new Set([4]))).toEqual([4, 14]);
  });

  test("ignores the wanted label if the images have no labels", () => {
    const chosen = chooseImages(unlabelled, new Set([3]));
    expect(new Set(chosen).size).toBe(10);
    expect(chosen).toEqual([...chosen].sort((a, b) => a - b));
    expect(chooseImages({ validationImages: 3, labels: undefined }, new Set())).toEqual([0, 1, 2]);
  });

  test("draws the first and the last image, and any two positions, equally often", () => {
    expect(chooseImages(images, new Set(), () => 0)).toContain(0);
    expect(chooseImages(images, new Set(), () => 1 - 2 ** -53)).toContain(99);
    const drawn = new Array<number>(100).fill(0);
    const made = new MadeNumbers("choosing images");
    for (let round = 0; round < 2000; round++) {
      for (const image of chooseImages(unlabelled, new Set(), () => made.next(0, 1)))
        drawn[image] = (drawn[image] ?? 0) + 1;
    }
    // 200 of each are expected, with a standard deviation of 13.4.
    expect(Math.min(...drawn)).toBeGreaterThan(140);
    expect(Math.max(...drawn)).toBeLessThan(260);
  });
});
