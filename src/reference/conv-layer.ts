import type { BlockSize } from "../spec/layer-specs.ts";

/**
 * A convolution of 3 x 3 pixels in float64, between images of two sizes: those of `small` are as large as those of `big`, or
 * half as large with a stride of 2. A convolution leads from big to small images, a transposed one from small to big ones. Images are
 * [rows, columns, channels].
 */
export interface ConvLayer {
  readonly big: BlockSize;
  readonly small: BlockSize;
  readonly stride: 1 | 2;
  /** [small channels, big channels, 3, 3] */
  readonly weight: Float64Array;
  /** One for each channel of the output. */
  readonly bias: Float64Array;
}

/** The values of an image. */
export function sizeOf({ rows, columns, channels }: BlockSize): number {
  return rows * columns * channels;
}

/**
 * Calls `visit` with the indices of every product of one image: the value of the small image, that of the big one, and the weight
 * between them. Neighbours outside the big image are left out.
 */
export function forEachProduct(
  { big, small, stride }: Pick<ConvLayer, "big" | "small" | "stride">,
  visit: (small: number, big: number, weight: number) => void,
): void {
  for (let row = 0; row < small.rows; row++) {
    for (let column = 0; column < small.columns; column++) {
      for (let tap = 0; tap < 9; tap++) {
        const y = stride * row + Math.floor(tap / 3) - 1;
        const x = stride * column + (tap % 3) - 1;
        if (y < 0 || y >= big.rows || x < 0 || x >= big.columns) continue;
        const from = (row * small.columns + column) * small.channels;
        const to = (y * big.columns + x) * big.channels;
        for (let o = 0; o < small.channels; o++) {
          for (let i = 0; i < big.channels; i++) {
            visit(from + o, to + i, (o * big.channels + i) * 9 + tap);
          }
        }
      }
    }
  }
}
