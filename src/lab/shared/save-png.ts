import type { Pixels } from "./pixels.ts";
import { saveFile } from "./save-file.ts";

/** Hands a picture to the person as a PNG file. */
export async function savePng({ rows, columns, rgba }: Pixels, name: string): Promise<void> {
  const canvas = new OffscreenCanvas(columns, rows);
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, columns, rows), 0, 0);
  saveFile(await canvas.convertToBlob({ type: "image/png" }), name);
}
