// Bilateral filter: a Gaussian mean whose weights also decrease with the difference in value.
// The buffers are in lib/plane_filter.ts. falloff is -1 / (2 sigma^2) for values, setting the same for distances.
// Job: 8 x 8 pixels, of rows of all planes. Adjacent jobs are done together.
// Twin: shaders/bilateral.wgsl. Reference: src/filters/bilateral.ts
import { exp4 } from "./lib/math";
import { columnEnd, firstColumn, firstLine, fourAt, lineEnd, Planes, rowAt, takePixels } from "./lib/plane_filter";
import { storeFour } from "./lib/rows";

export function bilateral(
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
        const four = bilateralFour(planes, noisy, line - row, row, column);
        storeFour(to + 4 * <usize>column, four, columnEnd - column);
      }
    }
  }
}

function bilateralFour(planes: Planes, noisy: usize, firstRow: u32, row: i32, column: i32): v128 {
  const radius = <i32>planes.radius;
  const falloff = f32x4.splat(planes.falloff);
  const middle = fourAt(planes, rowAt(planes, noisy, firstRow, row), column);
  let sum = f32x4.splat(0);
  let total = f32x4.splat(0);
  for (let down = -radius; down <= radius; down++) {
    const line = rowAt(planes, noisy, firstRow, row + down);
    for (let right = -radius; right <= radius; right++) {
      const value = fourAt(planes, line, column + right);
      const difference = f32x4.sub(value, middle);
      const distance = f32x4.splat(planes.setting * <f32>(down * down + right * right));
      const weight = exp4(f32x4.add(distance, f32x4.mul(f32x4.mul(falloff, difference), difference)));
      sum = f32x4.add(sum, f32x4.mul(weight, value));
      total = f32x4.add(total, weight);
    }
  }
  return f32x4.div(sum, total);
}
