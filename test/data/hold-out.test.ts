import { expect, test } from "vitest";
import { holdOut } from "../../src/data/hold-out.ts";
import type { ImageSet } from "../../src/data/image-set.ts";
import { InputError } from "../../src/spec/input-error.ts";

/** Images of 1 x 2 pixels with their index as the pixels and as the label. */
function numbered(count: number, name = "numbers"): ImageSet {
  const pixels = Uint8Array.from({ length: 2 * count }, (_, byte) => Math.floor(byte / 2));
  return {
    name,
    count,
    rows: 1,
    columns: 2,
    pixels,
    labels: Uint8Array.from({ length: count }, (_, i) => i),
  };
}

test.each([2, 3, 10, 24, 255])("each of %i images is on exactly one side", (count) => {
  const { train, validation } = holdOut(numbered(count), count < 3 ? 0.5 : 0.2);
  expect(validation.count).toBe(Math.round(count * (count < 3 ? 0.5 : 0.2)));
  const found = [...train.pixels, ...validation.pixels].filter((_, byte) => byte % 2 === 0);
  expect(found.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, image) => image));
});

test("labels stay with their images, and twins are split in the same way", () => {
  const clean = holdOut(numbered(100));
  const noisy = holdOut({
    ...numbered(100, "noisy"),
    pixels: numbered(100).pixels.map((byte) => byte + 100),
  });
  for (const side of ["train", "validation"] as const) {
    const images = Array.from(clean[side].pixels).filter((_, byte) => byte % 2 === 0);
    expect(Array.from(clean[side].labels ?? [])).toEqual(images);
    expect(Array.from(noisy[side].pixels)).toEqual(Array.from(clean[side].pixels, (byte) => byte + 100));
  }
});

test("the held-out images are taken from the whole set", () => {
  const held = Array.from(holdOut(numbered(250)).validation.labels ?? []);
  for (let part = 0; part < 5; part++) {
    expect(held.filter((image) => Math.floor(image / 50) === part).length).toBeGreaterThan(3);
  }
});

test("the sides keep the name of their set for messages", () => {
  const { train, validation } = holdOut(numbered(10));
  expect([train.name, validation.name]).toEqual(["numbers (training)", "numbers (validation)"]);
});

test.each([
  [1, 0.2],
  [2, 0.2],
  [10, 0],
  [10, 1],
])("%i images cannot be split with a share of %d", (count, share) => {
  expect(() => holdOut(numbered(count), share)).toThrow(InputError);
});
