import { describe, expect, test } from "vitest";
import { formatFragment, readFragment } from "../../../src/lab/views/state.ts";

describe("the part of the address after #", () => {
  test.each([
    ["", undefined, ""],
    ["#", undefined, ""],
    ["#hidden=8&seed=2", undefined, "hidden=8&seed=2"],
    ["#denoise", "denoise", ""],
    ["#train", "train", ""],
    ["#denoise&hidden=8&seed=2", "denoise", "hidden=8&seed=2"],
    ["#train&hidden=8", "train", "hidden=8"],
    // A view is named first, and only there.
    ["#hidden=8&denoise", undefined, "hidden=8&denoise"],
    ["#denoised", undefined, "denoised"],
    ["#denoise=1", undefined, "denoise=1"],
  ] as const)("%s names the view %s and the settings %s", (hash, view, settings) => {
    expect(readFragment(hash)).toEqual({ view, settings });
  });

  test.each([
    [undefined, "", ""],
    ["train", "", "train"],
    ["train", "hidden=8", "hidden=8"],
    [undefined, "hidden=8", "hidden=8"],
    ["denoise", "", "denoise"],
    ["denoise", "hidden=8", "denoise&hidden=8"],
  ] as const)("of %s with %s is %s, which is read as that", (view, settings, text) => {
    expect(formatFragment({ view, settings })).toBe(text);
    expect(readFragment(`#${text}`)).toEqual({ view: text === settings ? undefined : view, settings });
  });
});
