// What the classical filters share: planes of one shape, one behind the other, each mirrored at its edges with the end values
// repeated, b a | a b c | c b. A plane is one channel of a picture.
//
//   planes    Planes
//   noisy     [planes, rows, columns] f32
//   denoised  [planes, rows, columns] f32
//
// A filter computes four pixels of a row at a time, those behind its end from mirrored values; they are not stored.
// Twin: shaders/lib/plane_filter.wgsl.

// @ts-ignore: decorator
@unmanaged
export class Planes {
  rows: u32;
  columns: u32;
  // What a launch filters, of the rows of all planes: from `first` up to, not including, `end`.
  first: u32;
  end: u32;
  // How many pixels the window reaches from its middle.
  radius: u32;
  // What the exponent of a weight has by its square; below zero.
  falloff: f32;
  // What else a filter is set to, as its header says.
  setting: f32;
}

function mirror(index: i32, length: i32): i32 {
  let inside = index;
  while (<u32>inside >= <u32>length) inside = inside < 0 ? -1 - inside : 2 * length - 1 - inside;
  return inside;
}

/** Where any row of the plane begins whose first row among those of all planes this is. */
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

/** Stores the first `count` of four values, all four if there are more. */
// @ts-ignore: decorator
@inline
export function storeFour(address: usize, four: v128, count: u32): void {
  if (count >= 4) {
    v128.store(address, four);
    return;
  }
  v128.store32_lane(address, four, 0);
  if (count > 1) v128.store32_lane(address, four, 1, 4);
  if (count > 2) v128.store32_lane(address, four, 2, 8);
}
