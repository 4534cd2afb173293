// Gaussian smoothing along one axis. The filter is two launches, along the columns and then along the rows.
// The buffers are in lib/plane_filter.ts; falloff is -1 / (2 sigma^2); AXIS is 0 along the columns, 1 along the rows.
// Job: 8 x 8 pixels, of rows of all planes. Adjacent jobs are done together.
// Twin: shaders/gaussian.wgsl. Reference: src/filters/gaussian.ts
import { exp4 } from "./lib/math";
import { fourAt, Planes, rowAt, storeFour } from "./lib/plane_filter";

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
    const jobRow = job / across;
    const jobColumn = job - jobRow * across;
    const jobs = min(across - jobColumn, end - job);
    job += jobs;
    const columnEnd = min<u32>(8 * (jobColumn + jobs), planes.columns);
    const lineEnd = min<u32>(planes.first + 8 * jobRow + 8, planes.end);
    for (let line: u32 = planes.first + 8 * jobRow; line < lineEnd; line++) {
      const row = line % planes.rows;
      const to = denoised + 4 * <usize>(line * planes.columns);
      for (let column: u32 = 8 * jobColumn; column < columnEnd; column += 4) {
        const firstRow = line - row;
        const four =
          AXIS === 1
            ? downwards(planes, noisy, firstRow, row, column)
            : sideways(planes, noisy, firstRow, row, column);
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

function sideways(planes: Planes, noisy: usize, firstRow: u32, row: u32, column: i32): v128 {
  const radius = <i32>planes.radius;
  const line = rowAt(planes, noisy, firstRow, row);
  let sum = f32x4.splat(0);
  let total = f32x4.splat(0);
  for (let offset = -radius; offset <= radius; offset += 4) {
    let weights = weightsAt(planes, offset);
    const last = min(offset + 3, radius);
    for (let i = offset; i <= last; i++) {
      const weight = v128.shuffle<i32>(weights, weights, 0, 0, 0, 0);
      weights = v128.shuffle<i32>(weights, weights, 1, 2, 3, 0);
      sum = f32x4.add(sum, f32x4.mul(weight, fourAt(planes, line, column + i)));
      total = f32x4.add(total, weight);
    }
  }
  return f32x4.div(sum, total);
}

function downwards(planes: Planes, noisy: usize, firstRow: u32, row: i32, column: i32): v128 {
  const radius = <i32>planes.radius;
  let sum = f32x4.splat(0);
  let total = f32x4.splat(0);
  for (let offset = -radius; offset <= radius; offset += 4) {
    let weights = weightsAt(planes, offset);
    const last = min(offset + 3, radius);
    for (let i = offset; i <= last; i++) {
      const weight = v128.shuffle<i32>(weights, weights, 0, 0, 0, 0);
      weights = v128.shuffle<i32>(weights, weights, 1, 2, 3, 0);
      const line = rowAt(planes, noisy, firstRow, row + i);
      sum = f32x4.add(sum, f32x4.mul(weight, fourAt(planes, line, column)));
      total = f32x4.add(total, weight);
    }
  }
  return f32x4.div(sum, total);
}
