// Adds a batch of denoised windows to the output picture: sums += weight * Y, in window order.
//
//   windows      WindowBatch
//   weights      [down.window + across.window] f32   for a window's rows, then for its columns
//   activations  [rows, window] f32                  at outputOffset: Y
//   sums         [rows from `top` on, across.length, planes] f32
//
// A job owns the values of the picture that it adds to. It adds the windows that cover each value in the order of their
// numbers. The split of windows into batches and of values into jobs does not change the bits of the sums.
// Job: 64 consecutive values of the picture, counted from the first row that the batch touches.
// Twin: shaders/blend_windows.wgsl. Reference: src/reference/blend-windows.ts
import { quads } from "./lib/rows";
import { acrossOf, downOf, firstWindowAt, lastWindowAt, startOf, WindowAxis, WindowBatch } from "./lib/window_grid";

export function blend_windows(
  first: u32,
  end: u32,
  across: u32,
  windows: WindowBatch,
  weights: usize,
  activations: usize,
  sums: usize,
): void {
  const down = downOf(windows);
  const right = acrossOf(windows);
  const planes = windows.planes;
  // The batch's rows of windows.
  const perRow = right.count * planes;
  const firstDown = windows.first / perRow;
  const lastDown = (windows.first + windows.count - 1) / perRow;
  const top = startOf(down, firstDown);
  const width = right.length * planes;
  const stop = min<u32>(64 * end, (startOf(down, lastDown) + down.window - top) * width);
  const outputs = activations + 16 * <usize>windows.outputOffset;
  const windowBytes: usize = 16 * quads(down.window * right.window);
  for (let index: u32 = 64 * first; index < stop; ) {
    const line = index / width;
    const from = index - line * width;
    const to = min(width, stop - line * width);
    index += to - from;
    const row = top + line;
    const line0 = sums + 4 * <usize>((row - windows.top) * width);
    const last = min(lastWindowAt(down, row), lastDown);
    for (let k = max(firstWindowAt(down, row), firstDown); k <= last; k++) {
      const windowRow = row - startOf(down, k);
      const weight = load<f32>(weights + 4 * <usize>windowRow);
      const columnWeights = weights + 4 * <usize>down.window;
      for (let plane: u32 = 0; plane < planes; plane++) {
        // The columns of this plane among values from .. to - 1. The range of windows of the batch in this row and plane.
        const column = (from + planes - 1 - plane) / planes;
        const columnEnd = (to + planes - 1 - plane) / planes;
        const number = k * perRow + plane;
        const low = number >= windows.first ? 0 : (windows.first - number + planes - 1) / planes;
        const behind = windows.first + windows.count;
        const high = number >= behind ? 0 : min(right.count, (behind - number + planes - 1) / planes);
        if (low >= high || column >= columnEnd) continue;
        // The start of this row's values in window number 0 of the row of windows. It can lie before the batch.
        const values = outputs + windowBytes * (number - windows.first) + 4 * <usize>(windowRow * right.window);
        const at = line0 + 4 * <usize>plane;
        if (right.window < 4) {
          blendNarrow(at, column, columnEnd, low, high, weight, columnWeights, values, windowBytes, right, planes);
        } else {
          blendWide(at, column, columnEnd, low, high, weight, columnWeights, values, windowBytes, right, planes);
        }
      }
    }
  }
}

/**
 * Adds windows low .. high - 1 of a row of windows to columns first .. end - 1 of a row of a plane, one value at a time.
 */
function blendNarrow(
  sums: usize,
  first: u32,
  end: u32,
  low: u32,
  high: u32,
  weight: f32,
  weights: usize,
  values: usize,
  windowBytes: usize,
  right: WindowAxis,
  planes: u32,
): void {
  for (let column = first; column < end; column++) {
    const at = sums + 4 * <usize>(column * planes);
    let sum = load<f32>(at);
    const last = min(lastWindowAt(right, column) + 1, high);
    for (let j = max(firstWindowAt(right, column), low); j < last; j++) {
      const windowColumn: usize = 4 * (column - startOf(right, j));
      const value = load<f32>(values + windowBytes * (j * planes) + windowColumn);
      sum += weight * load<f32>(weights + windowColumn) * value;
    }
    store<f32>(at, sum);
  }
}

/** The same for windows at least four values wide, four columns at a time. */
function blendWide(
  sums: usize,
  first: u32,
  end: u32,
  low: u32,
  high: u32,
  weight: f32,
  weights: usize,
  values: usize,
  windowBytes: usize,
  right: WindowAxis,
  planes: u32,
): void {
  const rowWeight = f32x4.splat(weight);
  const jump = windowBytes * planes;
  const window = <i32>right.window;
  const stride = <i32>right.stride;
  const lastStart = <i32>(right.length - right.window);
  let begin = max(firstWindowAt(right, first), low);
  for (let column = first; column < end; column += 4) {
    while (begin < high && <i32>startOf(right, begin) + window <= <i32>column) begin++;
    const count = min<u32>(4, end - column);
    const at = sums + 4 * <usize>(column * planes);
    let sum = loadSums(at, count, planes);
    let value = values + jump * begin;
    let start = <i32>(begin * right.stride);
    for (let j = begin; j < high; j++) {
      // The offset of the first of the four columns from the window's first column.
      const offset = <i32>column - min(start, lastStart);
      if (offset <= -4) break;
      const inside = min(max(offset, 0), window - 4);
      let numbers = v128.load(value + 4 * <usize>inside);
      let factors = v128.load(weights + 4 * <usize>inside);
      if (offset !== inside) {
        // Some of the columns are outside the window: its values move to the other columns, padded with zeros.
        const bytes = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        const lanes = i8x16.add(bytes, i8x16.splat(<i8>(4 * (offset - inside))));
        numbers = i8x16.swizzle(numbers, lanes);
        factors = i8x16.swizzle(factors, lanes);
      }
      sum = f32x4.add(sum, f32x4.mul(f32x4.mul(rowWeight, factors), numbers));
      value += jump;
      start += stride;
    }
    storeSums(at, sum, count, planes);
  }
}

/** Up to four sums of a plane, adjacent in its row. */
// @ts-ignore: decorator
@inline
function loadSums(at: usize, count: u32, planes: u32): v128 {
  if (count === 4 && planes === 1) return v128.load(at);
  const step: usize = 4 * planes;
  let sum = v128.load32_zero(at);
  if (count > 1) sum = v128.load32_lane(at + step, sum, 1);
  if (count > 2) sum = v128.load32_lane(at + 2 * step, sum, 2);
  if (count > 3) sum = v128.load32_lane(at + 3 * step, sum, 3);
  return sum;
}

// @ts-ignore: decorator
@inline
function storeSums(at: usize, sum: v128, count: u32, planes: u32): void {
  if (count === 4 && planes === 1) {
    v128.store(at, sum);
    return;
  }
  const step: usize = 4 * planes;
  v128.store32_lane(at, sum, 0);
  if (count > 1) v128.store32_lane(at + step, sum, 1);
  if (count > 2) v128.store32_lane(at + 2 * step, sum, 2);
  if (count > 3) v128.store32_lane(at + 3 * step, sum, 3);
}
