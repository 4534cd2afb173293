// Non-local means: a pixel becomes the mean of the surrounding pixels, weighted by the similarity of their 5 x 5 patches.
// The buffers are in lib/plane_filter.ts. The radius is the search radius for patches, falloff is -1 / h^2, and setting is
// 2 sigma^2, the expected difference of two patches from noise alone.
// Eight pixels of a row are computed together, because their patches share most of their columns.
// Job: 8 x 8 pixels, of rows of all planes. Adjacent jobs are done together.
// Twin: shaders/non_local_means.wgsl. Reference: src/filters/non-local-means.ts
import { exp4 } from "./lib/math";
import { columnEnd, firstColumn, firstLine, fourAt, lineEnd, Planes, rowAt, takePixels } from "./lib/plane_filter";
import { storeFour } from "./lib/rows";

export function non_local_means(
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
      for (let column = firstColumn; column < columnEnd; column += 8) {
        denoiseEight(to + 4 * <usize>column, columnEnd - column, planes, noisy, line - row, row, column);
      }
    }
  }
}

/** Sums of five neighbours: lane i is the sum of numbers i to i + 4 of eight. */
// @ts-ignore: decorator
@inline
function fiveSums(low: v128, high: v128): v128 {
  const pairs = f32x4.add(low, v128.shuffle<i32>(low, high, 1, 2, 3, 4));
  const others = f32x4.add(v128.shuffle<i32>(low, high, 2, 3, 4, 5), v128.shuffle<i32>(low, high, 3, 4, 5, 6));
  return f32x4.add(f32x4.add(pairs, others), high);
}

/** The squares of the differences of four values of two rows. */
// @ts-ignore: decorator
@inline
function squares(planes: Planes, own: usize, ownColumn: i32, other: usize, otherColumn: i32): v128 {
  const difference = f32x4.sub(fourAt(planes, own, ownColumn), fourAt(planes, other, otherColumn));
  return f32x4.mul(difference, difference);
}

/** Four weights, from the sums of the squared differences of their patches. */
// @ts-ignore: decorator
@inline
function weightsOf(planes: Planes, sums: v128): v128 {
  const means = f32x4.mul(sums, f32x4.splat(1.0 / 25.0));
  const excess = f32x4.pmax(f32x4.splat(0), f32x4.sub(means, f32x4.splat(planes.setting)));
  return exp4(f32x4.mul(f32x4.splat(planes.falloff), excess));
}

function denoiseEight(
  to: usize,
  count: u32,
  planes: Planes,
  noisy: usize,
  firstRow: u32,
  row: i32,
  column: i32,
): void {
  const radius = <i32>planes.radius;
  let sum0 = f32x4.splat(0);
  let sum1 = f32x4.splat(0);
  let total0 = f32x4.splat(0);
  let total1 = f32x4.splat(0);
  const left = column - 2;
  for (let down = -radius; down <= radius; down++) {
    const line = rowAt(planes, noisy, firstRow, row + down);
    for (let right = -radius; right <= radius; right++) {
      // Sums over the five rows of each of the twelve columns of the eight patches.
      let columns0 = f32x4.splat(0);
      let columns1 = f32x4.splat(0);
      let columns2 = f32x4.splat(0);
      for (let i = -2; i <= 2; i++) {
        const own = rowAt(planes, noisy, firstRow, row + i);
        const other = rowAt(planes, noisy, firstRow, row + down + i);
        columns0 = f32x4.add(columns0, squares(planes, own, left, other, left + right));
        columns1 = f32x4.add(columns1, squares(planes, own, left + 4, other, left + 4 + right));
        columns2 = f32x4.add(columns2, squares(planes, own, left + 8, other, left + 8 + right));
      }
      const weight0 = weightsOf(planes, fiveSums(columns0, columns1));
      const weight1 = weightsOf(planes, fiveSums(columns1, columns2));
      sum0 = f32x4.add(sum0, f32x4.mul(weight0, fourAt(planes, line, column + right)));
      sum1 = f32x4.add(sum1, f32x4.mul(weight1, fourAt(planes, line, column + 4 + right)));
      total0 = f32x4.add(total0, weight0);
      total1 = f32x4.add(total1, weight1);
    }
  }
  storeFour(to, f32x4.div(sum0, total0), count);
  if (count > 4) storeFour(to + 16, f32x4.div(sum1, total1), count - 4);
}
