import { describe, expect, test } from "vitest";
import { autoencoder, codeOf, requireCode } from "../../src/spec/network.ts";

test("the code is the narrowest hidden layer, or the middlemost of several", () => {
  const depthOf = (...hidden: number[]) => codeOf(autoencoder([4, 4], hidden))?.depth;
  expect(depthOf(32)).toBe(1);
  expect(depthOf(9, 3, 9)).toBe(2);
  expect(depthOf(9, 9, 9)).toBe(2);
  expect(depthOf(3, 9, 4)).toBe(1);
  expect(depthOf(9, 4, 5, 3)).toBe(4);
});

describe("the code of convolutions is the hidden layer with the fewest values, if they are fewer than an image's", () => {
  test.each([
    // TensorFlow's tutorial: 14 x 14 x 16, 7 x 7 x 8, 14 x 14 x 8, 28 x 28 x 16.
    ["conv:16/2,conv:8/2,up:8,up:16", 1, { depth: 2, size: 7 * 7 * 8 }],
    // 196 values each: the first of two that are as close to the middle.
    ["conv:1/2,conv:4/2,up:1,up:8", 1, { depth: 2, size: 14 * 14 }],
    ["conv:8/2,conv:1,up:8", 1, { depth: 2, size: 14 * 14 }],
    ["conv:2/2,up:1", 3, { depth: 1, size: 14 * 14 * 2 }],
    ["conv:1,conv:2", 3, { depth: 1, size: 28 * 28 }],
    // A skip leads around the narrowest layer.
    ["conv:8/2,conv:1/2,up:8+1,up:8", 1, undefined],
    ["conv:1,conv:1/2,up:1,conv:1+1", 3, undefined],
    // As many values as an image.
    ["conv:4/2,up:4", 1, undefined],
    ["conv:1x3", 1, undefined],
    ["conv:32x7", 1, undefined],
  ])("%s with %i channels", (hidden, channels, code) => {
    expect(codeOf(autoencoder([28, 28], hidden, { channels }))).toEqual(code);
  });

  test("one without is reported in a sentence", () => {
    expect(() => requireCode(autoencoder([28, 28], "conv:32x7"))).toThrow(
      "The network 28x28 conv:32x7 has no latent code: none of its hidden layers has fewer values than an image and no skip from it or around it.",
    );
  });
});
