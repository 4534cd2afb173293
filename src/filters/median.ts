import type { ClassicalFilter } from "./filter.ts";
import { mirrored } from "./mirror.ts";

/** Median filter: a pixel becomes the middle value of the square window around it, with mirrored edges. */
export const median: ClassicalFilter = {
  name: "median",
  strengths: [1, 2, 3, 4, 5, 6],
  whole: true,
  apply(plane, radius) {
    const { rows, columns } = plane;
    const { values: around, stride } = mirrored(plane, radius);
    const side = 2 * radius + 1;
    const window = new Float64Array(side * side);
    const middle = window.length >> 1;
    const values = new Float32Array(rows * columns);
    for (let row = 0, pixel = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++, pixel++) {
        for (let line = 0; line < side; line++) {
          const from = (row + line) * stride + column;
          window.set(around.subarray(from, from + side), line * side);
        }
        values[pixel] = window.sort()[middle] ?? 0;
      }
    }
    return { rows, columns, values };
  },
};
