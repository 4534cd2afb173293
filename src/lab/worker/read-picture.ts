import { InputError } from "../../spec/input-error.ts";
import { checkPictureSize, type Pixels } from "../shared/pixels.ts";

/**
 * Decodes a picture file, upright and in sRGB. Browsers keep colours multiplied by alpha, so that those of nearly transparent
 * pixels are rough. Throws an InputError that names the file when it is no picture, or too large.
 */
export async function readPicture(file: File): Promise<Pixels> {
  const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
    throw new InputError(
      `${file.name} cannot be read as a picture: this browser finds no whole PNG, JPEG or WebP in it.`,
      { cause },
    );
  });
  try {
    const { width: columns, height: rows } = bitmap;
    checkPictureSize(file.name, { rows, columns });
    const context = new OffscreenCanvas(columns, rows).getContext("2d", { willReadFrequently: true });
    if (!context) throw new InputError(`${file.name} needs more memory than this browser has left.`);
    context.drawImage(bitmap, 0, 0);
    return { rows, columns, rgba: new Uint8ClampedArray(context.getImageData(0, 0, columns, rows).data) };
  } finally {
    bitmap.close();
  }
}
