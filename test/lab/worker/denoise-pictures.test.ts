import { describe, expect, test } from "vitest";
import type { Pixels } from "../../../src/lab/shared/pixels.ts";
import { RgbaPicture } from "../../../src/lab/worker/denoise-pictures.ts";
import { MadeNumbers } from "../../kernels/made-numbers.ts";

const [rows, columns] = [50, 60];
const alpha = (rgba: ArrayLike<number>) => Array.from(rgba).filter((_, at) => at % 4 === 3);

/** A picture in which every byte value occurs. */
function coloured(): Pixels {
  const rgba = new Uint8ClampedArray(new MadeNumbers("rgba").bytes(4 * rows * columns));
  return { rows, columns, rgba };
}

function grey(level: number): Pixels {
  const rgba = Uint8ClampedArray.from({ length: 4 * rows * columns }, (_, at) =>
    at % 4 === 3 ? 255 : level,
  );
  return { rows, columns, rgba };
}

describe("a decoded picture", () => {
  test("is restored bit by bit, for any bands in which it is read and written", () => {
    const pixels = coloured();
    const before = pixels.rgba.slice();
    const picture = new RgbaPicture(pixels, 0);
    expect(picture.channels).toBe(3);
    // The colours of pixels whose alpha is 0 are not overwritten.
    picture.after.rgba.forEach((_, at) => {
      if (at % 4 !== 3 && (before[at - (at % 4) + 3] ?? 0) > 0) picture.after.rgba[at] = 1;
    });
    for (const [first, end] of [
      [0, 17],
      [17, 18],
      [18, rows],
    ] as const) {
      picture.write(first, picture.read(first, end));
    }
    expect(picture.after.rgba).toEqual(before);
    expect(picture.before.rgba).toEqual(before);
  });

  test("is seen over white, and loses the white again", () => {
    // Alpha of 0, 1/5 and 3/5: the colour c is seen as alpha c + 1 - alpha.
    const rgba = Uint8ClampedArray.of(0, 0, 0, 0, 0, 102, 255, 51, 51, 0, 204, 153);
    const picture = new RgbaPicture({ rows: 1, columns: 3, rgba }, 0);
    const seen = [1, 1, 1, 0.8, 0.88, 1, 0.52, 0.4, 0.88];
    picture.read(0, 1).forEach((value, index) => {
      expect(value).toBeCloseTo(seen[index] ?? Number.NaN, 6);
    });
    picture.write(0, [0.5, 0.5, 0.5, 0.91, 0.8, 0.3, 0.71, 0.4, 1]);
    // (value - (1 - alpha)) / alpha, clipped.
    expect([...picture.after.rgba]).toEqual([0, 0, 0, 0, 140, 0, 0, 51, 132, 0, 255, 153]);
  });

  test("gives the channels of its rows in [0, 1]", () => {
    const rgba = Uint8ClampedArray.of(255, 0, 51, 255, 0, 102, 255, 255);
    const picture = new RgbaPicture({ rows: 2, columns: 1, rgba }, 0);
    expect(picture.read(1, 2)).toEqual(Float32Array.of(0, 0.4, 1));
    expect(new RgbaPicture(grey(51), 0).read(49, 50)).toEqual(new Float32Array(60).fill(0.2));
  });

  test("clips values outside [0, 1], and keeps its alpha", () => {
    const picture = new RgbaPicture(grey(9), 0);
    picture.write(
      49,
      Float32Array.from({ length: columns }, (_, column) => column - 1),
    );
    const last = Array.from(picture.after.rgba.subarray(4 * 49 * columns));
    expect(last.filter((_, at) => at % 4 === 1)).toEqual([0, 0, ...Array(columns - 2).fill(255)]);
    expect(alpha(picture.after.rgba)).toEqual(alpha(grey(9).rgba));
  });
});

describe("the noise of a picture", () => {
  test("has its factor as deviation, is grey on grey, and does not change alpha", () => {
    const picture = new RgbaPicture(grey(128), 0.1);
    const values = picture.read(0, rows);
    const difference = values.map((value) => value - 128 / 255);
    const mean = difference.reduce((sum, value) => sum + value, 0) / difference.length;
    const square = difference.reduce((sum, value) => sum + value ** 2, 0) / difference.length;
    // Five standard errors of 3000 draws.
    expect(Math.abs(mean)).toBeLessThan((5 * 0.1) / Math.sqrt(3000));
    expect(Math.abs(Math.sqrt(square) - 0.1)).toBeLessThan((5 * 0.1) / Math.sqrt(6000));
    expect(alpha(picture.before.rgba)).toEqual(alpha(grey(128).rgba));
    // The network gets the values that are shown.
    const shown = Array.from({ length: rows * columns }, (_, pixel) => picture.before.rgba[4 * pixel + 2]);
    expect(Float32Array.from(shown, (byte) => (byte ?? 0) / 255)).toEqual(values);
  });

  test("is the same in other bands, and different in every row", () => {
    const whole = new RgbaPicture(coloured(), 0.3);
    whole.read(0, rows);
    const bands = new RgbaPicture(coloured(), 0.3);
    bands.read(0, 20);
    bands.read(11, rows);
    expect(bands.before.rgba).toEqual(whole.before.rgba);
    const flat = new RgbaPicture(grey(128), 0.1);
    expect(flat.read(0, 1)).not.toEqual(flat.read(1, 2));
  });
});
