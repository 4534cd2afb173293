// Gaussian smoothing along one axis. The filter is two launches, along the columns and then along the rows.
// The buffers are in lib/plane_filter.ts; falloff is -1 / (2 sigma^2); AXIS is 0 along the columns, 1 along the rows.
// Job: 8 x 8 pixels, of rows of all planes. Adjacent jobs are done together.
// Twin: shaders/gaussian.wgsl. Reference: src/filters/gaussian.ts
import { exp4 } from "./lib/math";
import { columnEnd, firstColumn, firstLine, fourAt, lineEnd, Planes, rowAt, takePixels } from "./lib/plane_filter";
import { storeFour } from "./lib/rows";

export function gaussian(
  first: u32,
  end: u32,
  across: u32,
  planes: Planes,
  noisy: usize,
  denoised: usize,
  AXIS: u32,
): void {
  for (let job = first; job < end; ) {
    job = takePixels(planes, job, end, across);
    for (let line = firstLine; line < lineEnd; line++) {
      const row = line % planes.rows;
      const to = denoised + 4 * <usize>(line * planes.columns);
      for (let column = firstColumn; column < columnEnd; column += 4) {
        const four = meanOfFour(planes, noisy, line - row, row, column, AXIS, 1 - AXIS);
        storeFour(to + 4 * <usize>column, four, columnEnd - column);
      }
    }
  }
}

/** The weights of offsets from `offset` on; beyond the radius they are 0. */
// @ts-ignore: decorator
@inline
function weightsAt(planes: Planes, offset: i32): v128 {
  const offsets = i32x4.add(i32x4.splat(offset), i32x4(0, 1, 2, 3));
  const squares = f32x4.convert_i32x4_s(i32x4.mul(offsets, offsets));
  const weights = exp4(f32x4.mul(f32x4.splat(planes.falloff), squares));
  return v128.and(weights, i32x4.le_s(offsets, i32x4.splat(planes.radius)));
}

/** The mean of four pixels and those around them, in steps of one row (`down` is 1) or one column (`right` is 1). */
function meanOfFour(
  planes: Planes,
  noisy: usize,
  firstRow: u32,
  row: i32,
  column: i32,
  down: i32,
  right: i32,
): v128 {
  const radius = <i32>planes.radius;
  let sum = f32x4.splat(0);
  let total = f32x4.splat(0);
  for (let offset = -radius; offset <= radius; offset += 4) {
    let weights = weightsAt(planes, offset);
    const last = min(offset + 3, radius);
    for (let i = offset; i <= last; i++) {
      const weight = v128.shuffle<i32>(weights, weights, 0, 0, 0, 0);
      weights = v128.shuffle<i32>(weights, weights, 1, 2, 3, 0);
      const line = rowAt(planes, noisy, firstRow, row + down * i);
      sum = f32x4.add(sum, f32x4.mul(weight, fourAt(planes, line, column + right * i)));
      total = f32x4.add(total, weight);
    }
  }
  return f32x4.div(sum, total);
}
