import sharp from "sharp";
import { contactSheet, type GreyImage } from "../data/contact-sheet.ts";
import type { ImageSet } from "../data/image-set.ts";

/** Pixels of the sheet that the longer side of a picture should about cover. */
const pictureSide = 84;

/** The PNG file of pictures [rows, columns], `across` in a row; small ones are magnified. */
export function sheetPng(
  pictures: readonly Uint8Array[],
  { rows, columns }: Pick<ImageSet, "rows" | "columns">,
  across: number,
): Promise<Uint8Array> {
  const scale = Math.min(64, Math.max(1, Math.round(pictureSide / Math.max(rows, columns))));
  return png(contactSheet(pictures, { rows, columns, across, gap: 4, background: 128, scale }));
}

/** Cuts bytes [count, size] into `count` pictures of `size` bytes. */
export function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: bytes.length / size }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

function png({ width, height, pixels }: GreyImage): Promise<Uint8Array> {
  return sharp(pixels, { raw: { width, height, channels: 1 }, limitInputPixels: false })
    .png()
    .toBuffer();
}
