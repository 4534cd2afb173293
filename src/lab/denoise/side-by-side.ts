import { toBytes } from "../../data/pixel-bytes.ts";
import type { Plane } from "../../data/plane.ts";
import type { Pixels } from "../shared/pixels.ts";

/** How large a saved picture shows a pixel, and the white between two images. */
const enlargement = 10;
const gap = 10;

/** Grey images of one size next to each other on white, each pixel a square. There is at least one. */
export function sideBySide(planes: readonly Plane[]): Pixels {
  const { rows, columns } = planes[0] ?? { rows: 0, columns: 0 };
  const size = {
    rows: enlargement * rows,
    columns: planes.length * (enlargement * columns + gap) - gap,
  };
  const rgba = new Uint8ClampedArray(4 * size.rows * size.columns).fill(255);
  planes.forEach(({ values }, index) => {
    const bytes = toBytes(values);
    const left = index * (enlargement * columns + gap);
    for (let y = 0; y < size.rows; y++) {
      for (let x = 0; x < enlargement * columns; x++) {
        const grey = bytes[Math.floor(y / enlargement) * columns + Math.floor(x / enlargement)] ?? 0;
        const at = 4 * (y * size.columns + left + x);
        rgba.fill(grey, at, at + 3);
      }
    }
  });
  return { ...size, rgba };
}
