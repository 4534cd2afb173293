import type { Pixels } from "./pixels.ts";

/** Hands a file to the person, as browsers do: among the downloads. */
export function saveFile(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has begun to read it by the next task, but not before.
  setTimeout(() => URL.revokeObjectURL(link.href));
}

/** Hands a picture to the person as a PNG file. */
export async function savePng({ rows, columns, rgba }: Pixels, name: string): Promise<void> {
  const canvas = new OffscreenCanvas(columns, rows);
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, columns, rows), 0, 0);
  saveFile(await canvas.convertToBlob({ type: "image/png" }), name);
}

/**
 * A picture file's size, which browsers tell before they decode it; undefined for what is no picture. So one that is too
 * large never takes the memory that it would need.
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

/** The files that were chosen in an input. The same ones can then be chosen again after they were changed. */
export function filesOf(input: HTMLInputElement): File[] {
  const files = [...(input.files ?? [])];
  input.value = "";
  return files;
}
