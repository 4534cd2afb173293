// Median filter: the middle value of the square window around a pixel.
// The buffers are in lib/plane_filter.ts; the radius is at most 6.
// The kernel does not sort. It finds the result bit by bit, from the highest bit: the largest number such that at most half
// of the window's values are below it. The result is therefore exactly one of the values.
// Job: 8 x 8 pixels, of rows of all planes. Adjacent jobs are done together.
// Twin: shaders/median.wgsl. Reference: src/filters/median.ts
import { columnEnd, firstColumn, firstLine, fourAt, lineEnd, Planes, rowAt, takePixels } from "./lib/plane_filter";
import { storeFour } from "./lib/rows";

export function median(
  first: u32,
  end: u32,
  across: u32,
  planes: Planes,
  noisy: usize,
  denoised: usize,
): void {
  for (let job = first; job < end; ) {
    job = takePixels(planes, job, end, across);
    for (let line = firstLine; line < lineEnd; line++) {
      const row = line % planes.rows;
      const to = denoised + 4 * <usize>(line * planes.columns);
      for (let column = firstColumn; column < columnEnd; column += 4) {
        const four = medianFour(planes, noisy, line - row, row, column);
        storeFour(to + 4 * <usize>column, four, columnEnd - column);
      }
    }
  }
}

/**
 * Converts values to signed integers in the same order, and back: for negative values, all bits but the sign are inverted.
 */
// @ts-ignore: decorator
@inline
function keysOf(values: v128): v128 {
  return v128.xor(values, i32x4.shr_u(i32x4.shr_s(values, 31), 1));
}

function medianFour(planes: Planes, noisy: usize, firstRow: u32, row: i32, column: i32): v128 {
  const radius = <i32>planes.radius;
  const half = i32x4.splat(((2 * radius + 1) * (2 * radius + 1)) / 2);
  // The search uses unsigned integers. Flipping the sign bit gives the signed ones that are compared.
  const sign = i32x4.splat(0x80000000);
  let found = i32x4.splat(0);
  for (let bit: u32 = 0x80000000; bit > 0; bit >>= 1) {
    const tried = v128.or(found, i32x4.splat(bit));
    const key = v128.xor(tried, sign);
    // A true comparison is -1.
    let below = i32x4.splat(0);
    for (let down = -radius; down <= radius; down++) {
      const line = rowAt(planes, noisy, firstRow, row + down);
      for (let right = -radius; right <= radius; right++) {
        below = i32x4.sub(below, i32x4.lt_s(keysOf(fourAt(planes, line, column + right)), key));
      }
    }
    found = v128.bitselect(tried, found, i32x4.le_s(below, half));
  }
  return keysOf(v128.xor(found, sign));
}
