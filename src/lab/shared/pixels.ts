import { InputError } from "../../spec/input-error.ts";

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
