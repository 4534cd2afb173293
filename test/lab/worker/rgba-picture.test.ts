import { describe, expect, test } from "vitest";
import type { Pixels } from "../../../src/lab/shared/picture-files.ts";
import { makeNoisy, RgbaPicture } from "../../../src/lab/worker/rgba-picture.ts";
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
  test("is restored bit by bit, for any regions in which it is read and written", () => {
    const pixels = coloured();
    const picture = new RgbaPicture(pixels);
    expect(picture.channels).toBe(3);
    // The colours of pixels whose alpha is 0 are not overwritten.
    picture.after.rgba.forEach((_, at) => {
      if (at % 4 !== 3 && (pixels.rgba[at - (at % 4) + 3] ?? 0) > 0) picture.after.rgba[at] = 1;
    });
    for (const region of [
      { top: 0, bottom: 17, left: 0, right: columns },
      { top: 17, bottom: rows, left: 0, right: 31 },
      { top: 17, bottom: 18, left: 31, right: columns },
      { top: 18, bottom: rows, left: 31, right: columns },
    ]) {
      const part = picture.write(region, picture.read(region));
      // The pixels of the region as they are in the picture.
      const { top, left, right } = region;
      const line = pixels.rgba.subarray(4 * (top * columns + left), 4 * (top * columns + right));
      expect(part.subarray(0, line.length)).toEqual(line);
      expect(part).toHaveLength(4 * (region.bottom - top) * (right - left));
    }
    expect(picture.after.rgba).toEqual(pixels.rgba);
    expect(picture.before).toBe(pixels);
  });

  test("is seen over white, and loses the white again", () => {
    // Alpha of 0, 1/5 and 3/5: the colour c is seen as alpha c + 1 - alpha.
    const rgba = Uint8ClampedArray.of(0, 0, 0, 0, 0, 102, 255, 51, 51, 0, 204, 153);
    const picture = new RgbaPicture({ rows: 1, columns: 3, rgba });
    const whole = { top: 0, bottom: 1, left: 0, right: 3 };
    const seen = [1, 1, 1, 0.8, 0.88, 1, 0.52, 0.4, 0.88];
    picture.read(whole).forEach((value, index) => {
      expect(value).toBeCloseTo(seen[index] ?? Number.NaN, 6);
    });
    picture.write(whole, [0.5, 0.5, 0.5, 0.91, 0.8, 0.3, 0.71, 0.4, 1]);
    // (value - (1 - alpha)) / alpha, clipped.
    expect([...picture.after.rgba]).toEqual([0, 0, 0, 0, 140, 0, 0, 51, 132, 0, 255, 153]);
  });

  test("gives the channels of its pixels in [0, 1]", () => {
    const rgba = Uint8ClampedArray.of(255, 0, 51, 255, 0, 102, 255, 255);
    const picture = new RgbaPicture({ rows: 2, columns: 1, rgba });
    expect(picture.read({ top: 1, bottom: 2, left: 0, right: 1 })).toEqual(Float32Array.of(0, 0.4, 1));
    const one = new RgbaPicture(grey(51));
    expect(one.channels).toBe(1);
    expect(one.lines.read(49, 50)).toEqual(new Float32Array(60).fill(0.2));
  });

  test("clips values outside [0, 1], and keeps its alpha", () => {
    const picture = new RgbaPicture(grey(9));
    const region = { top: 49, bottom: 50, left: 0, right: columns };
    const values = Float32Array.from({ length: columns }, (_, column) => column - 1);
    const last = Array.from(picture.write(region, values));
    expect(last.filter((_, at) => at % 4 === 1)).toEqual([0, 0, ...Array(columns - 2).fill(255)]);
    expect(alpha(picture.after.rgba)).toEqual(alpha(grey(9).rgba));
  });
});

describe("the noise of a picture", () => {
  test("has its strength as deviation, is grey on grey, and does not change alpha", async () => {
    const pixels = grey(128);
    await makeNoisy(pixels, 0.1);
    const picture = new RgbaPicture(pixels);
    expect(picture.channels).toBe(1);
    const values = picture.read({ top: 0, bottom: rows, left: 0, right: columns });
    const difference = values.map((value) => value - 128 / 255);
    const mean = difference.reduce((sum, value) => sum + value, 0) / difference.length;
    const square = difference.reduce((sum, value) => sum + value ** 2, 0) / difference.length;
    // Five standard errors of 3000 draws.
    expect(Math.abs(mean)).toBeLessThan((5 * 0.1) / Math.sqrt(3000));
    expect(Math.abs(Math.sqrt(square) - 0.1)).toBeLessThan((5 * 0.1) / Math.sqrt(6000));
    expect(alpha(pixels.rgba)).toEqual(alpha(grey(128).rgba));
  });

  test("is the same every time, and different in every row", async () => {
    const [one, other, flat] = [coloured(), coloured(), grey(128)];
    await makeNoisy(one, 0.3);
    await makeNoisy(other, 0.3);
    await makeNoisy(flat, 0.1);
    expect(one.rgba).toEqual(other.rgba);
    expect(one.rgba).not.toEqual(coloured().rgba);
    const { lines } = new RgbaPicture(flat);
    expect(lines.read(0, 1)).not.toEqual(lines.read(1, 2));
  });

  test("stops when the work is cancelled", async () => {
    const reason = new Error("cancelled by the test");
    await expect(makeNoisy(coloured(), 0.3, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
