import type { RgbaImage } from "../../src/index.ts";
import { blobs } from "../training/run-fixture.ts";

/** Blobs as ImageData of a canvas: grey and opaque. */
export function rgbaBlobs(name: string, count: number, rows: number, columns: number): RgbaImage[] {
  const { pixels } = blobs(name, count, rows, columns);
  const size = rows * columns;
  return Array.from({ length: count }, (_, image) => ({
    width: columns,
    height: rows,
    data: Uint8ClampedArray.from({ length: 4 * size }, (_, index) =>
      index % 4 === 3 ? 255 : (pixels[image * size + Math.floor(index / 4)] ?? 0),
    ),
  }));
}
