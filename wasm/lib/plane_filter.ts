// Code shared by the classical filters. Planes have the same shape and are contiguous. Each is mirrored at its edges with
// the end values repeated, b a | a b c | c b. A plane is one channel of a picture.
//
//   planes    Planes
//   noisy     [planes, rows, columns] f32
//   denoised  [planes, rows, columns] f32
//
// A filter computes four pixels of a row at a time. Pixels past the end of the row use mirrored values and are not stored.
// Twin: shaders/lib/plane_filter.wgsl.
import { jobColumn, jobColumnEnd, jobRow, takeJobs } from "./jobs";

// @ts-ignore: decorator
@unmanaged
export class Planes {
  rows: u32;
  columns: u32;
  // The range of rows (of all planes) that a launch filters: from `first` up to, not including, `end`.
  first: u32;
  end: u32;
  // The window's radius in pixels.
  radius: u32;
  // The coefficient of the squared difference in the exponent of a weight; negative.
  falloff: f32;
  // A further parameter; each filter's header defines it.
  setting: f32;
}

// Per thread: the pixels in progress.
export let firstLine: u32 = 0;
export let lineEnd: u32 = 0;
export let firstColumn: u32 = 0;
export let columnEnd: u32 = 0;

/** Sets the variables above to the pixels of adjacent jobs. Returns the next job. */
// @ts-ignore: decorator
@inline
export function takePixels(planes: Planes, job: u32, end: u32, across: u32): u32 {
  const next = takeJobs(job, end, across);
  firstLine = planes.first + 8 * jobRow;
  lineEnd = min(firstLine + 8, planes.end);
  firstColumn = 8 * jobColumn;
  columnEnd = min<u32>(8 * jobColumnEnd, planes.columns);
  return next;
}

function mirror(index: i32, length: i32): i32 {
  let inside = index;
  while (<u32>inside >= <u32>length) inside = inside < 0 ? -1 - inside : 2 * length - 1 - inside;
  return inside;
}

/** The address of any row of the plane whose first row, among those of all planes, is given. */
// @ts-ignore: decorator
@inline
export function rowAt(planes: Planes, noisy: usize, firstRow: u32, row: i32): usize {
  const inside = <u32>row < planes.rows ? row : mirror(row, planes.rows);
  return noisy + 4 * <usize>((firstRow + inside) * planes.columns);
}

/** Four values of a row, from any column on. */
// @ts-ignore: decorator
@inline
export function fourAt(planes: Planes, row: usize, column: i32): v128 {
  if (column >= 0 && column + 4 <= <i32>planes.columns) return v128.load(row + 4 * <usize>column);
  return mirroredFour(row, column, planes.columns);
}

function mirroredFour(row: usize, column: i32, columns: i32): v128 {
  let four = v128.load32_zero(row + 4 * <usize>mirror(column, columns));
  four = v128.load32_lane(row + 4 * <usize>mirror(column + 1, columns), four, 1);
  four = v128.load32_lane(row + 4 * <usize>mirror(column + 2, columns), four, 2);
  return v128.load32_lane(row + 4 * <usize>mirror(column + 3, columns), four, 3);
}
