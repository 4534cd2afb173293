// How a kernel sees a picture: moved, or a patch of it, turned or flipped; beyond the edge, its outermost pixels. What the shaders
// have as `pixelAt` (shaders/corrupt_batch.wgsl, shaders/corrupt_patches.wgsl) and shiftedWords. A value's byte is at
//   origin + rowBytes clamp(rowOffset + rowStep row) + columnBytes clamp(columnOffset + columnStep column) + channel
// A kernel sets the view with lookAt; a thread has globals of its own, as an invocation has with var<private>.
import { decodePixel } from "./pixels";

let rowOffset: i32 = 0;
let rowStep: i32 = 0;
let rowLow: i32 = 0;
let rowHigh: i32 = 0;
let rowBytes: i32 = 0;
let columnOffset: i32 = 0;
let columnStep: i32 = 0;
let columnLow: i32 = 0;
let columnHigh: i32 = 0;
let columnBytes: i32 = 0;

/** What the view's rows are: coordinate offset + step row, clamped to low .. high, times `bytes`. */
export function lookAlongRows(offset: i32, step: i32, low: i32, high: i32, bytes: i32): void {
  rowOffset = offset;
  rowStep = step;
  rowLow = low;
  rowHigh = high;
  rowBytes = bytes;
}

/** The same for its columns. */
export function lookAlongColumns(offset: i32, step: i32, low: i32, high: i32, bytes: i32): void {
  columnOffset = offset;
  columnStep = step;
  columnLow = low;
  columnHigh = high;
  columnBytes = bytes;
}

/** Where a row is, behind the view's origin. */
// @ts-ignore: decorator
@inline
export function placeOfRow(row: i32): usize {
  return <usize>(rowBytes * min(max(rowOffset + rowStep * row, rowLow), rowHigh));
}

/** Where a column is, behind its row. */
// @ts-ignore: decorator
@inline
export function placeOfColumn(column: i32): usize {
  return <usize>(columnBytes * min(max(columnOffset + columnStep * column, columnLow), columnHigh));
}

/** Whether these columns lie side by side in memory, as the view sees them. */
export function sideBySide(first: i32, last: i32, channels: u32): bool {
  return (
    columnStep === 1 &&
    columnBytes === <i32>channels &&
    columnOffset + first >= columnLow &&
    columnOffset + last <= columnHigh
  );
}

/** Values first .. end - 1 of a view of this width, as pixels in [0, 1], to `pixels`, where value 0 would be. */
export function decodeView(pixels: usize, origin: usize, first: u32, end: u32, columns: u32, channels: u32): void {
  visit(true, pixels, origin, first, end, columns, channels);
}

/** The same as bytes. */
export function copyView(bytes: usize, origin: usize, first: u32, end: u32, columns: u32, channels: u32): void {
  visit(false, bytes, origin, first, end, columns, channels);
}

// @ts-ignore: decorator
@inline
function visit(decode: bool, to: usize, origin: usize, first: u32, end: u32, columns: u32, channels: u32): void {
  let row = first / (columns * channels);
  let column = (first / channels) % columns;
  let channel = first % channels;
  let value = first;
  while (value < end) {
    const line = origin + placeOfRow(row);
    for (; column < columns && value < end; column++) {
      const pixel = line + placeOfColumn(column);
      for (; channel < channels && value < end; channel++) {
        const byte = load<u8>(pixel + channel);
        if (decode) store<f32>(to + 4 * <usize>value, decodePixel(byte));
        else store<u8>(to + <usize>value, byte);
        value++;
      }
      channel = 0;
    }
    column = 0;
    row++;
  }
}
