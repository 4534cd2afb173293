import type { PictureChoices } from "./choices.ts";
import type { PictureFolder } from "./own-pictures.ts";

/** What a person's images are from, to be read once more when need be. */
export type OwnFiles = OwnImageFiles | OwnPictureFiles;

/** IDX files. */
export interface OwnImageFiles {
  readonly kind: "images";
  readonly files: readonly File[];
}

/** Pictures, and how they become images. */
export interface OwnPictureFiles {
  readonly kind: "pictures";
  readonly folder: PictureFolder;
  readonly choices: PictureChoices;
}
