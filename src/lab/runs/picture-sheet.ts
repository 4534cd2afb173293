import { contactSheet } from "../../data/contact-sheet.ts";
import { toBytes } from "../../data/pixel-bytes.ts";
import type { Pictures } from "../protocol.ts";
import type { Pixels } from "../shared/pixels.ts";

/** Pixels of the sheet that a picture's longer side should about cover. */
const pictureSide = 84;

/** The pictures on one sheet: a row with noise, one denoised, one clean. */
export function pictureSheet({ images, rows, columns, noisy, denoised, clean }: Pictures): Pixels {
  const size = rows * columns;
  const pictures = [noisy, denoised, clean].flatMap((values) =>
    images.map((_, place) => toBytes(values.subarray(place * size, (place + 1) * size))),
  );
  const scale = Math.min(64, Math.max(1, Math.round(pictureSide / Math.max(rows, columns))));
  const layout = { rows, columns, across: images.length, gap: 4, background: 128, scale };
  const { width, height, pixels } = contactSheet(pictures, layout);
  const rgba = new Uint8ClampedArray(4 * pixels.length).fill(255);
  pixels.forEach((grey, pixel) => {
    rgba.fill(grey, 4 * pixel, 4 * pixel + 3);
  });
  return { rows: height, columns: width, rgba };
}
