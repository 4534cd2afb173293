import { InputError } from "../../spec/input-error.ts";
import { counter } from "./scheduling.ts";

/** A picture as a browser decodes it and draws it. */
export interface Pixels {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns, 4]: red, green, blue and alpha, not multiplied by it. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** The maximum of a picture's pixels and side, so that it and its copies fit in a tab's memory and in every browser's canvas. */
export const pictureLimits = { pixels: 2 ** 25, side: 2 ** 14 } as const;

/** Throws an InputError if picture `name` is too large for the page. */
export function checkPictureSize(name: string, { rows, columns }: Pick<Pixels, "rows" | "columns">): void {
  const { pixels, side } = pictureLimits;
  if (rows * columns <= pixels && Math.max(rows, columns) <= side) return;
  throw new InputError(
    `${name} has ${columns} x ${rows} pixels, but a picture may have at most ${pixels} of them and ${side} a side.`,
  );
}

/** Whether red, green and blue are the same everywhere. */
export function isGrey({ rgba }: Pixels): boolean {
  for (let at = 0; at < rgba.length; at += 4) {
    if (rgba[at] !== rgba[at + 1] || rgba[at] !== rgba[at + 2]) return false;
  }
  return true;
}

/** Downloads a file. */
export function saveFile(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser starts to read it by the next task, but not earlier.
  setTimeout(() => URL.revokeObjectURL(link.href));
}

/** A picture as a PNG file. */
export function pngOf({ rows, columns, rgba }: Pixels): Promise<Blob> {
  const canvas = new OffscreenCanvas(columns, rows);
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, columns, rows), 0, 0);
  return canvas.convertToBlob({ type: "image/png" });
}

/** Downloads a picture as a PNG file. */
export async function savePng(pixels: Pixels, name: string): Promise<void> {
  saveFile(await pngOf(pixels), name);
}

/**
 * A picture file's size, which browsers give before they decode it; undefined if the file is not a picture. So a picture that is
 * too large takes no memory.
 */
export async function pictureSize(file: File): Promise<Pick<Pixels, "rows" | "columns"> | undefined> {
  const image = new Image();
  const address = URL.createObjectURL(file);
  try {
    return await new Promise((resolve) => {
      image.addEventListener("load", () =>
        resolve({ rows: image.naturalHeight, columns: image.naturalWidth }),
      );
      image.addEventListener("error", () => resolve(undefined));
      image.src = address;
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** The files that were chosen in an input. It is cleared, so that the same files can be chosen again after a change. */
export function filesOf(input: HTMLInputElement): File[] {
  const files = [...(input.files ?? [])];
  input.value = "";
  return files;
}

/** Whether a file is a model, by its name. */
export function isModelFile({ name }: File): boolean {
  return /\.safetensors$/i.test(name);
}

/** A number for a model file that no other has. */
export const nextModelFile = counter();
