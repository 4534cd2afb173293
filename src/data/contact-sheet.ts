import { checkInteger } from "../spec/checks.ts";
import { InputError } from "../spec/input-error.ts";

export interface ContactSheetLayout {
  /** The size of one picture, in its own pixels. */
  readonly rows: number;
  readonly columns: number;
  /** Pictures in a row of the sheet. */
  readonly across: number;
  /** Background between two pictures, in pixels of the sheet. */
  readonly gap: number;
  /** The grey of the gaps and of places left empty, 0 to 255. */
  readonly background: number;
  /** How many pixels of the sheet, in each direction, a pixel of a picture covers; 1 when not given. */
  readonly scale?: number;
}

/** A grey picture. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  /** [height, width] */
  readonly pixels: Uint8Array<ArrayBuffer>;
}

export const contactSheetLimits = { gap: 1024, scale: 64, pixels: 2 ** 30 } as const;

/** Lays grey pictures [rows, columns] on a grid, line by line; throws an InputError when a setting is out of range. */
export function contactSheet(images: readonly Uint8Array[], layout: ContactSheetLayout): GreyImage {
  const { rows, columns, across, gap, background, scale = 1 } = layout;
  checkInteger("The number of pictures across a contact sheet", across, 1, 65_536);
  checkInteger("The gap of a contact sheet", gap, 0, contactSheetLimits.gap);
  checkInteger("The background of a contact sheet", background, 0, 255);
  checkInteger("The scale of a contact sheet", scale, 1, contactSheetLimits.scale);
  if (images.length === 0)
    throw new InputError("A contact sheet needs at least 1 picture, but there is none.");
  if (images.some((image) => image.length !== rows * columns)) {
    throw new RangeError(`Every picture of the contact sheet must have ${rows} x ${columns} pixels.`);
  }

  const width = across * (columns * scale + gap) - gap;
  const height = Math.ceil(images.length / across) * (rows * scale + gap) - gap;
  checkInteger("The number of pixels of a contact sheet", width * height, 1, contactSheetLimits.pixels);
  const pixels = new Uint8Array(width * height).fill(background);
  images.forEach((image, index) => {
    const left = (index % across) * (columns * scale + gap);
    const top = Math.floor(index / across) * (rows * scale + gap);
    for (let y = 0; y < rows * scale; y++) {
      const source = Math.floor(y / scale) * columns;
      const line = (top + y) * width + left;
      for (let x = 0; x < columns * scale; x++) pixels[line + x] = image[source + Math.floor(x / scale)] ?? 0;
    }
  });
  return { width, height, pixels };
}
