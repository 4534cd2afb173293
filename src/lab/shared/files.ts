import type { Pixels } from "./pixels.ts";

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
