// Cuts a batch of windows out of a picture: X[b] = window number first + b.
//
//   windows      WindowBatch
//   picture      [rows from `top` on, across.length, planes] f32
//   activations  [rows, window] f32   block 0: X
//
// Rows past the batch's last window are set to zero.
// Job: 16 quads of values of 4 windows. Adjacent jobs are done together.
// Twin: shaders/cut_windows.wgsl. Reference: src/reference/cut-windows.ts
import { jobColumn, jobColumnEnd, jobRow, takeJobs } from "./lib/jobs";
import { quads } from "./lib/rows";
import { acrossOf, downOf, startOf, WindowAxis, WindowBatch } from "./lib/window_grid";

export function cut_windows(
  first: u32,
  end: u32,
  across: u32,
  windows: WindowBatch,
  picture: usize,
  activations: usize,
): void {
  const down = downOf(windows);
  const right = acrossOf(windows);
  const values = down.window * right.window;
  const stride = quads(values);
  const planes = windows.planes;
  for (let job = first; job < end; ) {
    job = takeJobs(job, end, across);
    const from = min(stride, 16 * jobColumn);
    const to = min(stride, 16 * jobColumnEnd);
    if (from >= to) continue;
    const rowEnd = min<u32>(4 * jobRow + 4, 4 * windows.rowQuads);
    for (let row: u32 = 4 * jobRow; row < rowEnd; row++) {
      const x = activations + 16 * <usize>(row * stride);
      if (row >= windows.count) {
        memory.fill(x + 16 * <usize>from, 0, 16 * <usize>(to - from));
        continue;
      }
      const number = windows.first + row;
      const place = number / planes;
      const placeDown = place / right.count;
      const top = startOf(down, placeDown) - windows.top;
      const left = startOf(right, place - placeDown * right.count);
      const corner = (top * right.length + left) * planes + (number - place * planes);
      cutWindow(x, picture + 4 * <usize>corner, 4 * from, min(4 * to, values), right, planes);
      for (let value = values; value < 4 * to; value++) store<f32>(x + 4 * <usize>value, 0);
    }
  }
}

/** Values first .. end - 1 of a window whose first value is at `corner`. */
function cutWindow(x: usize, corner: usize, first: u32, end: u32, right: WindowAxis, planes: u32): void {
  const width = right.window;
  const lineBytes: usize = 4 * right.length * planes;
  let row = first / width;
  let column = first - row * width;
  let line = corner + <usize>row * lineBytes;
  let value = first;
  while (value < end) {
    const count = min(width - column, end - value);
    const from = line + 4 * <usize>(column * planes);
    const to = x + 4 * <usize>value;
    if (planes === 1) copyValues(to, from, count);
    else if (planes === 3) gatherThirds(to, from, count);
    else for (let i: u32 = 0; i < count; i++) store<f32>(to + 4 * <usize>i, load<f32>(from + 4 * <usize>(i * planes)));
    value += count;
    column = 0;
    line += lineBytes;
  }
}

/** Copies contiguous f32. The last four of a row may overlap the four before. */
// @ts-ignore: decorator
@inline
function copyValues(to: usize, from: usize, count: u32): void {
  if (count < 4) {
    for (let i: usize = 0; i < <usize>count; i++) store<f32>(to + 4 * i, load<f32>(from + 4 * i));
    return;
  }
  const last: usize = 4 * (count - 4);
  for (let at: usize = 0; at < last; at += 16) v128.store(to + at, v128.load(from + at));
  v128.store(to + last, v128.load(from + last));
}

/** Copies every third f32. */
// @ts-ignore: decorator
@inline
function gatherThirds(to: usize, from: usize, count: u32): void {
  if (count < 4) {
    for (let i: usize = 0; i < <usize>count; i++) store<f32>(to + 4 * i, load<f32>(from + 12 * i));
    return;
  }
  const last: usize = 4 * (count - 4);
  for (let at: usize = 0; at < last; at += 16) v128.store(to + at, fourThirds(from + 3 * at));
  v128.store(to + last, fourThirds(from + 3 * last));
}

/** The f32 at 0, 12, 24 and 36 bytes from an address. */
// @ts-ignore: decorator
@inline
function fourThirds(address: usize): v128 {
  return v128.shuffle<i32>(v128.load(address), v128.load(address, 24), 0, 3, 4, 7);
}
