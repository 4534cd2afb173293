import type { Picture, PictureSize } from "../data/picture.ts";
import type { Region } from "../network/centre-out.ts";

/** Half of a picture's pixels. */
export interface Half extends PictureSize {
  /** [rows, columns, channels] */
  readonly pixels: Float32Array<ArrayBuffer>;
}

/** The most pixels of a picture that is used whole; a larger one is represented by excerpts. */
export const mostPixels = 2 ** 22;

/** The number of excerpts of a large picture along each axis, and their side in pixels. */
const [excerptsAcross, excerptSide] = [4, 512] as const;

/**
 * Splits a picture, multiplied by `scale`, into the two halves of a checkerboard. Along the rows, pixels 2 j and 2 j + 1 of row i become
 * pixel j of the two halves; the parity of i decides which half gets which. A second pair is made along the columns. An odd last row or
 * column is ignored. A picture of more than 4 million pixels is represented by 16 excerpts of 512 x 512.
 */
export function halves(picture: Picture, scale: number): { readonly one: Half; readonly other: Half }[] {
  return excerpts(picture).flatMap((excerpt) => [
    squeezed(excerpt, scale, true),
    squeezed(excerpt, scale, false),
  ]);
}

function squeezed(
  { rows, columns, channels, values }: Picture,
  scale: number,
  alongRows: boolean,
): { readonly one: Half; readonly other: Half } {
  const size = {
    rows: alongRows ? rows : rows >> 1,
    columns: alongRows ? columns >> 1 : columns,
    channels,
  };
  const half = () => ({ ...size, pixels: new Float32Array(size.rows * size.columns * channels) });
  const [one, other] = [half(), half()];
  let place = 0;
  for (let row = 0; row < size.rows; row++) {
    for (let column = 0; column < size.columns; column++) {
      const odd = (alongRows ? row : column) % 2;
      const pixelAt = (second: number) =>
        alongRows ? row * columns + 2 * column + second : (2 * row + second) * columns + column;
      const [first, second] = [channels * pixelAt(odd), channels * pixelAt(1 - odd)];
      for (let channel = 0; channel < channels; channel++, place++) {
        one.pixels[place] = scale * (values[first + channel] ?? Number.NaN);
        other.pixels[place] = scale * (values[second + channel] ?? Number.NaN);
      }
    }
  }
  return { one, other };
}

/** The regions of a picture to learn from: the whole, or 16 evenly spaced excerpts if it has more than 4 million pixels. */
export function learnedRegions({ rows, columns }: Pick<PictureSize, "rows" | "columns">): Region[] {
  if (rows * columns <= mostPixels) return [{ top: 0, bottom: rows, left: 0, right: columns }];
  const [height, width] = [Math.min(rows, excerptSide), Math.min(columns, excerptSide)];
  const starts = (side: number, part: number) =>
    Array.from({ length: excerptsAcross }, (_, index) =>
      Math.round((index * (side - part)) / (excerptsAcross - 1)),
    );
  return starts(rows, height).flatMap((top) =>
    starts(columns, width).map((left) => ({ top, bottom: top + height, left, right: left + width })),
  );
}

function excerpts(picture: Picture): Picture[] {
  const regions = learnedRegions(picture);
  return regions.length === 1 ? [picture] : regions.map((region) => cutRegion(picture, region));
}

/** A part of a picture. */
export function cutRegion(
  { columns, channels, values }: Picture,
  { top, bottom, left, right }: Region,
): Picture {
  const [rows, width] = [bottom - top, right - left];
  const part = new Float32Array(rows * width * channels);
  for (let row = 0; row < rows; row++) {
    const start = ((top + row) * columns + left) * channels;
    part.set(values.subarray(start, start + width * channels), row * width * channels);
  }
  return { rows, columns: width, channels, values: part };
}
