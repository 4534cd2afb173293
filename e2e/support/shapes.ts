import { gzipSync } from "node:zlib";
import { encodeIdx } from "../../src/data/idx.ts";
import type { NamedFile } from "./file-drops.ts";

/** Pixels per side: the minimum for SSIM, plus a few. */
export const shapeSide = 12;

/** The number of shapes; a fifth of them is held out. */
const shapeCount = 100;

/**
 * Bars, frames and crosses at a few positions, which a small network learns in a second. The label is the form, 0 to
 * 3.
 */
export function shape(number: number): { readonly label: number; readonly pixels: Uint8Array } {
  const label = number % 4;
  const shift = Math.floor(number / 4) % 5;
  const isInk = (row: number, column: number) => {
    const [y, x] = [row - shift, column - shift];
    if (y < 0 || x < 0 || y > 6 || x > 6) return false;
    const forms = [y > 1 && y < 5, x > 1 && x < 5, Math.min(y, x, 6 - y, 6 - x) < 2, Math.abs(y - x) < 2];
    return forms[label] ?? false;
  };
  const pixels = Uint8Array.from({ length: shapeSide ** 2 }, (_, at) =>
    isInk(Math.floor(at / shapeSide), at % shapeSide) ? 255 : 0,
  );
  return { label, pixels };
}

/** The shapes and their labels as IDX files, the images gzipped. */
export function shapeFiles(): NamedFile[] {
  const shapes = Array.from({ length: shapeCount }, (_, number) => shape(number));
  const images = encodeIdx(
    [shapeCount, shapeSide, shapeSide],
    Uint8Array.from(shapes.flatMap(({ pixels }) => [...pixels])),
  );
  const labels = encodeIdx(
    [shapeCount],
    Uint8Array.from(shapes, ({ label }) => label),
  );
  return [
    { name: "shapes.idx.gz", mimeType: "application/gzip", buffer: gzipSync(images) },
    { name: "shapes-labels.idx", mimeType: "", buffer: Buffer.from(labels) },
  ];
}
