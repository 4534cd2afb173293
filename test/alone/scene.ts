import type { Picture } from "../../src/data/picture.ts";
import { psnr } from "../../src/metrics/psnr.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";

/** A picture of soft discs on a slope, in shades of grey or in colour. */
export function scene(rows: number, columns: number, channels: 1 | 3): Picture {
  const values = new Float32Array(rows * columns * channels);
  for (let value = 0; value < values.length; value++) {
    const channel = value % channels;
    const pixel = Math.floor(value / channels);
    const [y, x] = [Math.floor(pixel / columns) / rows, (pixel % columns) / columns];
    const disc = (cy: number, cx: number, radius: number) =>
      1 / (1 + Math.exp(60 * (Math.hypot(y - cy, x - cx) - radius)));
    values[value] = 0.2 + 0.2 * x + 0.5 * disc(0.3, 0.35, 0.2) - 0.15 * disc(0.7, 0.6, 0.22) + 0.05 * channel;
  }
  return { rows, columns, channels, values };
}

/** The picture under normal noise of this standard deviation. */
export function noisy(picture: Picture, sigma: number): Picture {
  const numbers = new MadeNumbers(`noise ${picture.rows} ${sigma}`);
  // The sum of twelve uniform numbers is nearly normal, with variance 1.
  const normal = () =>
    Array.from({ length: 12 }, () => numbers.next(-0.5, 0.5)).reduce((sum, one) => sum + one);
  return { ...picture, values: picture.values.map((value) => value + sigma * normal()) };
}

/** The PSNR in dB of one picture to another. */
export function quality(picture: Picture, clean: Picture): number {
  const squares = picture.values.map((value, place) => (value - (clean.values[place] ?? Number.NaN)) ** 2);
  return psnr(squares.reduce((sum, square) => sum + square) / squares.length);
}
