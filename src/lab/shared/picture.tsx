import { useLayoutEffect, useRef } from "preact/hooks";
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

interface PictureProps {
  /** Undefined for a decorative picture. */
  readonly title?: string;
  /** [rows, columns] in [0, 1], black to white. */
  readonly pixels: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** A grey picture, one pixel of the canvas for each. */
export function Picture({ title, pixels, rows, columns }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const image = context.createImageData(columns, rows);
    pixels.forEach((value, index) => {
      image.data.fill(Math.round(255 * value), 4 * index, 4 * index + 3);
      image.data[4 * index + 3] = 255;
    });
    context.putImageData(image, 0, 0);
  }, [pixels, rows, columns]);
  const spoken =
    title === undefined ? { "aria-hidden": true } : { role: "img" as const, "aria-label": title };
  return <canvas ref={canvas} class="picture" width={columns} height={rows} {...spoken} />;
}
