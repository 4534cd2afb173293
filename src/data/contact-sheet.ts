import { checkInteger } from "../spec/checks.ts";
import { InputError } from "../spec/input-error.ts";

export interface ContactSheetLayout {
  /** The size of one picture, in its own pixels. */
  readonly rows: number;
  readonly columns: number;
  /** Values per pixel: 1 for grey (default), 3 for colour. */
  readonly channels?: number | undefined;
  /** Pictures in a row of the sheet. */
  readonly across: number;
  /** Gap between two pictures, in pixels of the sheet. */
  readonly gap: number;
  /** The grey value of the gaps and of empty places, 0 to 255. */
  readonly background: number;
  /** Pixels of the sheet, in each direction, per pixel of a picture; default 1. */
  readonly scale?: number;
}

/** A sheet of pictures. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** [height, width, channels] */
  readonly pixels: Uint8Array<ArrayBuffer>;
}

const contactSheetLimits = { gap: 1024, scale: 64, pixels: 2 ** 30 } as const;

/**
 * Arranges pictures [rows, columns, channels] on a grid, row by row; throws an InputError when a setting is out of
 * range.
 */
export function contactSheet(images: readonly Uint8Array[], layout: ContactSheetLayout): Sheet {
  const { rows, columns, channels = 1, across, gap, background, scale = 1 } = layout;
  checkInteger("The number of pictures across a contact sheet", across, 1, 65_536);
  checkInteger("The gap of a contact sheet", gap, 0, contactSheetLimits.gap);
  checkInteger("The background of a contact sheet", background, 0, 255);
  checkInteger("The scale of a contact sheet", scale, 1, contactSheetLimits.scale);
  if (images.length === 0)
    throw new InputError("A contact sheet needs at least 1 picture, but there is none.");
  if (images.some((image) => image.length !== rows * columns * channels)) {
    throw new RangeError(
      `Every picture of the contact sheet must have ${rows} x ${columns} pixels of ${channels} channels.`,
    );
  }

  const width = across * (columns * scale + gap) - gap;
  const height = Math.ceil(images.length / across) * (rows * scale + gap) - gap;
  checkInteger("The number of pixels of a contact sheet", width * height, 1, contactSheetLimits.pixels);
  const pixels = new Uint8Array(width * height * channels).fill(background);
  images.forEach((image, index) => {
    const left = (index % across) * (columns * scale + gap);
    const top = Math.floor(index / across) * (rows * scale + gap);
    for (let y = 0; y < rows * scale; y++) {
      const source = Math.floor(y / scale) * columns;
      const line = (top + y) * width + left;
      for (let x = 0; x < columns * scale; x++) {
        const pixel = (source + Math.floor(x / scale)) * channels;
        pixels.set(image.subarray(pixel, pixel + channels), (line + x) * channels);
      }
    }
  });
  return { width, height, channels, pixels };
}
