import type { Picture } from "../src/data/picture.ts";
import { MadeNumbers } from "../test/kernels/made-numbers.ts";

/** The strength of the noise in the pictures, and that the networks are told: 25 of 255. */
export const strength = 25 / 255;

/** Smooth colours with noise, [rows, columns, 3], the same for a number of columns. */
export function noisyPicture(rows: number, columns: number): Picture {
  const random = new MadeNumbers(`${columns}`);
  const values = new Float32Array(rows * columns * 3);
  for (let place = 0; place < values.length; place++) {
    const [row, column] = [Math.floor(place / 3 / columns), Math.floor(place / 3) % columns];
    const clean = 0.5 + 0.3 * Math.sin(row / 23 + (place % 3)) * Math.cos(column / 31);
    // A uniform number with that standard deviation.
    values[place] = clean + random.next(-Math.sqrt(3) * strength, Math.sqrt(3) * strength);
  }
  return { rows, columns, channels: 3, values };
}
