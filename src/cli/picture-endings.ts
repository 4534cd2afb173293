import { extname } from "node:path";

/** The endings of files that are taken for pictures where a folder or a pattern is given. */
export const pictureEndings: readonly string[] = [".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"];

/** Whether a file's name ends like a picture's, in capitals or not. */
export function endsLikePicture(name: string): boolean {
  return pictureEndings.includes(extname(name).toLowerCase());
}
