import { at } from "./elements.ts";

/** The shape of a picture, [rows, columns, channels] in reading order. */
export interface PictureShape {
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
}

/** A value of a picture at any position; beyond the edge, the outermost pixel is repeated. */
export type PixelAt = (row: number, column: number, channel: number) => number;

/** A picture's own values, without surrounding pixels. */
export function pixelsOf(picture: ArrayLike<number>, { rows, columns, channels }: PictureShape): PixelAt {
  return (row, column, channel) => {
    const place = clamped(row, rows) * columns + clamped(column, columns);
    return at(picture, place * channels + channel);
  };
}

/**
 * Gaussian blur with the full square window of 2 ceil(3 sigma) + 1 pixels. Beyond the picture's edge, the
 * outermost pixels are repeated. The reference for shaders/lib/blur.wgsl.
 */
export function blurred(
  pixelAt: PixelAt,
  { rows, columns, channels }: PictureShape,
  sigma: number,
): Float64Array<ArrayBuffer> {
  const reach = Math.ceil(3 * sigma);
  // At sigma 0 there is one weight, exp(0).
  const narrowness = 0.5 / Math.max(sigma ** 2, 1e-12);
  const offsets = Array.from({ length: 2 * reach + 1 }, (_, index) => index - reach);
  const weights = offsets.flatMap((y) => offsets.map((x) => Math.exp(-narrowness * (y ** 2 + x ** 2))));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const values = new Float64Array(rows * columns * channels);
  for (let value = 0; value < values.length; value++) {
    const channel = value % channels;
    const column = Math.floor(value / channels) % columns;
    const row = Math.floor(value / (channels * columns));
    let sum = 0;
    let place = 0;
    for (let y = -reach; y <= reach; y++) {
      for (let x = -reach; x <= reach; x++) {
        sum += at(weights, place++) * pixelAt(row + y, column + x, channel);
      }
    }
    values[value] = sum / total;
  }
  return values;
}

/** The nearest of 0 ... size - 1. */
export function clamped(index: number, size: number): number {
  return Math.min(size - 1, Math.max(0, index));
}
