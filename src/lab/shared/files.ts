import type { Pixels } from "./picture.tsx";

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
