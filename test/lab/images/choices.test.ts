import { describe, expect, test } from "vitest";
import { greyBytes } from "../../../src/data/luma.ts";
import { commonSize, firstChoices, sizesFor, sizeTitle } from "../../../src/lab/images/own-pictures.ts";
import { fittedArea } from "../../../src/lab/worker/own-pictures.ts";

const size = (columns: number, rows: number) => ({ rows, columns });

describe("the size", () => {
  test("is first offered as the pictures' common size, if that is small", () => {
    const own = commonSize([size(16, 20), size(16, 20)]);
    expect(own).toEqual(size(16, 20));
    expect(sizesFor(own).map(sizeTitle)).toEqual(["16", "16 × 20", "28", "32", "48", "64"]);
    expect(firstChoices(own).size).toEqual(size(16, 20));
  });

  test("is 28 if the pictures differ in size, are large or cannot be measured", () => {
    for (const sizes of [
      [size(16, 20), size(20, 16)],
      [size(65, 28), size(65, 28)],
      [size(16, 16), undefined],
      [],
    ]) {
      expect(commonSize(sizes)).toBeUndefined();
    }
    expect(firstChoices(undefined).size).toEqual(size(28, 28));
    expect(sizesFor(size(64, 64)).map(sizeTitle)).toEqual(["16", "28", "32", "48", "64"]);
  });
});

describe("the area", () => {
  test.each([
    ["a wide picture", size(40, 20), size(28, 28), { left: 10, top: 0, width: 20, height: 20 }],
    ["a high picture", size(10, 40), size(28, 28), { left: 0, top: 15, width: 10, height: 10 }],
    ["a square", size(7, 7), size(28, 28), { left: 0, top: 0, width: 7, height: 7 }],
    ["for a high image", size(40, 40), size(16, 32), { left: 10, top: 0, width: 20, height: 40 }],
  ])("of %s is the middle", (_, picture, wanted, area) => {
    expect(fittedArea(picture, wanted, "middle")).toEqual(area);
  });

  test("is the middle with its own pixels if it is cut out, and too small pictures are refused", () => {
    expect(fittedArea(size(41, 20), size(16, 18), "cut")).toEqual({
      left: 12,
      top: 1,
      width: 16,
      height: 18,
    });
    expect(() => fittedArea(size(15, 20), size(16, 18), "cut")).toThrow(
      /^A picture of 15 x 20 pixels is smaller/,
    );
  });

  test("is the whole picture if it is squeezed", () => {
    expect(fittedArea(size(40, 20), size(28, 28), "squeeze")).toEqual({
      left: 0,
      top: 0,
      width: 40,
      height: 20,
    });
  });
});

describe("grey", () => {
  // Published 8-bit luma of full-range BT.709 primaries: 0.2126, 0.7152 and 0.0722 of 255, rounded.
  test.each([
    ["black", [0, 0, 0], 0],
    ["white", [255, 255, 255], 255],
    ["red", [255, 0, 0], 54],
    ["green", [0, 255, 0], 182],
    ["blue", [0, 0, 255], 18],
  ])("value of %s", (_, [red = 0, green = 0, blue = 0], grey) => {
    const rgba = Uint8ClampedArray.of(red, green, blue, 255);
    expect([...greyBytes(rgba)]).toEqual([grey]);
  });

  test("values of a grey picture are unchanged", () => {
    const rgba = Uint8ClampedArray.from({ length: 1024 }, (_, at) => (at % 4 === 3 ? 255 : at >> 2));
    expect([...greyBytes(rgba)]).toEqual(Array.from({ length: 256 }, (_, value) => value));
  });
});
