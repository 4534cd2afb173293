import sharp from "sharp";
import { type ContactSheetLayout, contactSheet, type Sheet } from "../data/contact-sheet.ts";

/** The approximate length, in pixels, of the longer side of a picture on the sheet. */
const pictureSide = 84;

/** A PNG file of pictures [rows, columns, channels], `across` per row; small pictures are enlarged. */
export function sheetPng(
  pictures: readonly Uint8Array[],
  { rows, columns, channels = 1 }: Pick<ContactSheetLayout, "rows" | "columns" | "channels">,
  across: number,
): Promise<Uint8Array> {
  const scale = Math.min(64, Math.max(1, Math.round(pictureSide / Math.max(rows, columns))));
  return png(contactSheet(pictures, { rows, columns, channels, across, gap: 4, background: 128, scale }));
}

/** Cuts bytes [count, size] into `count` pictures of `size` bytes. */
export function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: bytes.length / size }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

function png({ width, height, channels, pixels }: Sheet): Promise<Uint8Array> {
  return sharp(pixels, { raw: { width, height, channels: channels === 3 ? 3 : 1 }, limitInputPixels: false })
    .png()
    .toBuffer();
}
