import type { Fit, Size } from "./choices.ts";

/** A rectangle of a picture, in its pixels, which need not be whole. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What of a picture is to be seen at the wanted size: all of it, or the largest middle part of that shape. */
export function fittedArea(picture: Size, wanted: Size, fit: Fit): Area {
  const { rows, columns } = picture;
  if (fit === "squeeze") return { left: 0, top: 0, width: columns, height: rows };
  const scale = Math.min(rows / wanted.rows, columns / wanted.columns);
  const [width, height] = [wanted.columns * scale, wanted.rows * scale];
  return { left: (columns - width) / 2, top: (rows - height) / 2, width, height };
}
