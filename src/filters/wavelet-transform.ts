import { mirror } from "./mirror.ts";

/** An orthogonal wavelet: its scaling filter, with an even number of values whose squares sum to 1. */
export type Wavelet = readonly number[];

/** Haar 1910. */
export const haar: Wavelet = [Math.SQRT1_2, Math.SQRT1_2];

/** Float64 numbers, row by row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns] */
  readonly values: Float64Array;
}

/** The high-frequency bands of one level of the transform: vertical, horizontal and diagonal. */
export type Details = readonly [down: Matrix, across: Matrix, diagonal: Matrix];

/** One level of the transform. */
export interface WaveletLevel {
  /** The shape of the input. */
  readonly rows: number;
  readonly columns: number;
  /** The low frequencies, with about half as many rows and columns; the details have the same shape. */
  readonly approximation: Matrix;
  readonly details: Details;
}

/**
 * One level of the discrete wavelet transform (Mallat 1989) of a picture that is mirrored at its edges, with the edge
 * pixels repeated. Each band is [(rows + length - 1) >> 1, (columns + length - 1) >> 1] for a filter of that length.
 */
export function splitLevel(picture: Matrix, wavelet: Wavelet): WaveletLevel {
  const { rows, columns } = picture;
  const [low, high] = splitRows(picture, wavelet);
  const [approximation, down] = splitRows(low, wavelet);
  const [across, diagonal] = splitRows(high, wavelet);
  return { rows, columns, approximation, details: [down, across, diagonal] };
}

/** The inverse of splitLevel. */
export function joinLevel({ rows, columns, approximation, details }: WaveletLevel, wavelet: Wavelet): Matrix {
  const [down, across, diagonal] = details;
  const low = joinColumns(approximation, down, wavelet, rows);
  const high = joinColumns(across, diagonal, wavelet, rows);
  return joinColumns(low, high, wavelet, columns);
}

/** The wavelet filter, the quadrature mirror of the scaling filter. */
function detailFilter(wavelet: Wavelet): number[] {
  return wavelet.toReversed().map((value, index) => (index % 2 === 0 ? value : -value));
}

/** The low and the high frequencies of every row, transposed: [(columns + length - 1) >> 1, rows]. */
function splitRows({ rows, columns, values }: Matrix, wavelet: Wavelet): [low: Matrix, high: Matrix] {
  const detail = detailFilter(wavelet);
  const half = (columns + wavelet.length - 1) >> 1;
  const low = new Float64Array(half * rows);
  const high = new Float64Array(half * rows);
  const sources = Array.from({ length: 2 * half + wavelet.length - 2 }, (_, index) =>
    mirror(index - wavelet.length + 2, columns),
  );
  const line = new Float64Array(sources.length);
  for (let row = 0; row < rows; row++) {
    for (const [index, source] of sources.entries()) line[index] = values[row * columns + source] ?? 0;
    for (let to = 0; to < half; to++) {
      let lowSum = 0;
      let highSum = 0;
      for (let index = 0; index < wavelet.length; index++) {
        const value = line[2 * to + index] ?? 0;
        lowSum += (wavelet[index] ?? 0) * value;
        highSum += (detail[index] ?? 0) * value;
      }
      low[to * rows + row] = lowSum;
      high[to * rows + row] = highSum;
    }
  }
  return [
    { rows: half, columns: rows, values: low },
    { rows: half, columns: rows, values: high },
  ];
}

/** The inverse of splitRows: rows of `length` values from the columns of their low and high frequencies. */
function joinColumns(low: Matrix, high: Matrix, wavelet: Wavelet, length: number): Matrix {
  const detail = detailFilter(wavelet);
  const rows = low.columns;
  const values = new Float64Array(rows * length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < length; column++) {
      // The pixel's position in the line that splitRows filtered. Coefficient k covers 2k to 2k + wavelet.length - 1.
      const place = column + wavelet.length - 2;
      let sum = 0;
      for (let index = place % 2; index < wavelet.length; index += 2) {
        const from = ((place - index) >> 1) * rows + row;
        sum +=
          (wavelet[index] ?? 0) * (low.values[from] ?? 0) + (detail[index] ?? 0) * (high.values[from] ?? 0);
      }
      values[row * length + column] = sum;
    }
  }
  return { rows, columns: length, values };
}
