import { describe, expect, test } from "vitest";
import { chooseImages } from "../../src/lab/choose-images.ts";

describe("choosing images", () => {
  const labels = Uint8Array.from({ length: 100 }, (_, image) => image % 10);

  test("draws ten different ones, by label", () => {
    const chosen = chooseImages({ labels }, new Set());
    expect(new Set(chosen).size).toBe(10);
    const shown = chosen.map((image) => labels[image] ?? -1);
    expect(shown).toEqual([...shown].sort());
  });

  test("draws only wanted labels, and as many as there are", () => {
    const wanted = chooseImages({ labels }, new Set([3, 7]));
    expect(wanted).toHaveLength(10);
    expect(new Set(wanted.map((image) => labels[image]))).toEqual(new Set([3, 7]));
    expect(chooseImages({ labels: labels.subarray(0, 20) }, new Set([4])).sort()).toEqual([14, 4]);
  });

  test("reaches the first and the last image", () => {
    expect(chooseImages({ labels }, new Set(), () => 0)).toContain(0);
    expect(chooseImages({ labels }, new Set(), () => 1 - 2 ** -53)).toContain(99);
  });
});
