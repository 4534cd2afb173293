// The layout of rows of numbers in quads (four f32): the last quad is padded with zeros.
// Twin: shaders/lib/rows.wgsl.

/** Quads that hold `values` numbers. */
// @ts-ignore: decorator
@inline
export function quads(values: u32): u32 {
  return (values + 3) / 4;
}

/** A quad of a row of `values` numbers, with zeros past the end of the row. */
// @ts-ignore: decorator
@inline
export function maskRow(quad: v128, column: u32, values: u32): v128 {
  const position = i32x4.add(i32x4.splat(4 * column), i32x4(0, 1, 2, 3));
  return v128.and(quad, i32x4.lt_u(position, i32x4.splat(values)));
}

/** Stores the first `count` of four values (all four if `count` is larger). */
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
