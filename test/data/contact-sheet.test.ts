import { describe, expect, test } from "vitest";
import { contactSheet } from "../../src/data/contact-sheet.ts";
import { toBytes } from "../../src/data/pixel-bytes.ts";
import { InputError } from "../../src/spec/input-error.ts";

const layout = { rows: 1, columns: 2, across: 2, gap: 1, background: 9 };

describe("contactSheet", () => {
  test("arranges pictures line by line, with gaps between them and empty places in the background's grey", () => {
    const sheet = contactSheet([Uint8Array.of(1, 2), Uint8Array.of(3, 4), Uint8Array.of(5, 6)], layout);
    expect(sheet.width).toBe(5);
    expect(sheet.height).toBe(3);
    // biome-ignore format: a picture
    expect([...sheet.pixels]).toEqual([
      1, 2, 9, 3, 4,
      9, 9, 9, 9, 9,
      5, 6, 9, 9, 9,
    ]);
  });

  test("enlarges pictures by whole pixels, and not the gap", () => {
    const sheet = contactSheet([Uint8Array.of(1, 2), Uint8Array.of(3, 4)], { ...layout, scale: 2 });
    expect([sheet.width, sheet.height]).toEqual([9, 2]);
    // biome-ignore format: a picture
    expect([...sheet.pixels]).toEqual([
      1, 1, 2, 2, 9, 3, 3, 4, 4,
      1, 1, 2, 2, 9, 3, 3, 4, 4,
    ]);
  });

  test("refuses impossible layouts", () => {
    const images = [Uint8Array.of(1, 2)];
    expect(() => contactSheet([], layout)).toThrow(InputError);
    expect(() => contactSheet(images, { ...layout, across: 0 })).toThrow(InputError);
    expect(() => contactSheet(images, { ...layout, gap: -1 })).toThrow(InputError);
    expect(() => contactSheet(images, { ...layout, background: 256 })).toThrow(InputError);
    expect(() => contactSheet(images, { ...layout, scale: 1.5 })).toThrow(InputError);
    // 65536 * (2 * 64 + 1024) * 64 pixels would be 4.8 GB.
    expect(() => contactSheet(images, { ...layout, across: 65_536, gap: 1024, scale: 64 })).toThrow(
      "The number of pixels of a contact sheet must be",
    );
    expect(() => contactSheet([Uint8Array.of(1, 2, 3)], layout)).toThrow(RangeError);
  });
});

describe("toBytes", () => {
  test("converts every float32 pixel from a byte back to that byte", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(toBytes(Float32Array.from(bytes, (byte) => byte / 255))).toEqual(bytes);
  });

  test("rounds to the nearest and clips", () => {
    const values = Float32Array.of(
      -1,
      -0,
      0.49 / 255,
      0.51 / 255,
      0.5,
      1,
      1.5,
      Infinity,
      -Infinity,
      Number.NaN,
    );
    expect([...toBytes(values)]).toEqual([0, 0, 0, 1, 128, 255, 255, 255, 0, 0]);
  });
});
