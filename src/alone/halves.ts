import type { Picture, PictureSize } from "../data/picture.ts";

/** Half of a picture's pixels. */
export interface Half extends PictureSize {
  /** [rows, columns, channels] */
  readonly pixels: Float32Array<ArrayBuffer>;
}

/** The most pixels of a picture that are learned from; of a larger one, excerpts are. */
const mostPixels = 2 ** 22;

/** Excerpts of a large picture, down and across, and their side in pixels. */
const [excerptsAcross, excerptSide] = [4, 512] as const;

/**
 * Splits a picture, multiplied by `scale`, into the two halves of a checkerboard: squeezed along the rows, pixels 2 j and 2 j + 1 of row i
 * become pixel j, of one half or the other by the parity of i. A second pair is squeezed along the columns. An odd last row or column
 * is left out. A picture of more than 4 million pixels is represented by 16 excerpts of 512 x 512.
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

/** A picture, or evenly spaced excerpts of a large one. */
function excerpts(picture: Picture): Picture[] {
  const { rows, columns, channels, values } = picture;
  if (rows * columns <= mostPixels) return [picture];
  const [height, width] = [Math.min(rows, excerptSide), Math.min(columns, excerptSide)];
  const starts = (side: number, part: number) =>
    Array.from({ length: excerptsAcross }, (_, index) =>
      Math.round((index * (side - part)) / (excerptsAcross - 1)),
    );
  return starts(rows, height).flatMap((top) =>
    starts(columns, width).map((left) => {
      const cut = new Float32Array(height * width * channels);
      for (let row = 0; row < height; row++) {
        const start = ((top + row) * columns + left) * channels;
        cut.set(values.subarray(start, start + width * channels), row * width * channels);
      }
      return { rows: height, columns: width, channels, values: cut };
    }),
  );
}
