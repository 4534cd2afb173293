// A kernel's view of a picture: shifted, or a patch of it, turned or flipped; beyond the edge, the outermost pixels are
// repeated. The counterpart of the shaders' `pixelAt` (shaders/corrupt_batch.wgsl, shaders/corrupt_patches.wgsl) and
// shiftedWords. A value's byte is at
//   origin + rowBytes clamp(rowOffset + rowStep row) + columnBytes clamp(columnOffset + columnStep column) + channel
// A kernel sets the view with the look functions below. Globals are per thread, like var<private> per invocation.

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

/** Sets the view's rows: coordinate offset + step row, clamped to low .. high, times `bytes`. */
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

/** The offset of a row from the view's origin. */
// @ts-ignore: decorator
@inline
export function placeOfRow(row: i32): usize {
  return <usize>(rowBytes * min(max(rowOffset + rowStep * row, rowLow), rowHigh));
}

/** The offset of a column from the start of its row. */
// @ts-ignore: decorator
@inline
export function placeOfColumn(column: i32): usize {
  return <usize>(columnBytes * min(max(columnOffset + columnStep * column, columnLow), columnHigh));
}

/** Whether these columns of the view are contiguous in memory. */
export function sideBySide(first: i32, last: i32, channels: u32): bool {
  return (
    columnStep === 1 &&
    columnBytes === <i32>channels &&
    columnOffset + first >= columnLow &&
    columnOffset + last <= columnHigh
  );
}

/** Copies the bytes of values first .. end - 1 of a view of this width to `bytes`, the address of value 0. */
export function copyView(bytes: usize, origin: usize, first: u32, end: u32, columns: u32, channels: u32): void {
  const width = columns * channels;
  // The columns that are not clamped.
  const inner = columnStep > 0 ? columnLow - columnOffset : columnOffset - columnHigh;
  const innerEnd = (columnStep > 0 ? columnHigh - columnOffset : columnOffset - columnLow) + 1;
  let value = first;
  while (value < end) {
    const row = value / width;
    const line = origin + placeOfRow(row);
    const stop = min(end, (row + 1) * width);
    while (value < stop) {
      const inRow = value - row * width;
      const column = <i32>(inRow / channels);
      const channel = inRow - <u32>column * channels;
      const pixel = line + placeOfColumn(column);
      const count = min(innerEnd - column, <i32>((stop - value) / channels));
      if (channel === 0 && column >= inner && count > 0) {
        copyPixels(bytes + value, pixel, count, columnStep * columnBytes, channels);
        value += <u32>count * channels;
      } else {
        store<u8>(bytes + value, load<u8>(pixel + channel));
        value++;
      }
    }
  }
}

/** Copies pixels that are `step` bytes apart. */
// @ts-ignore: decorator
@inline
function copyPixels(to: usize, from: usize, count: i32, step: i32, channels: u32): void {
  if (step === <i32>channels) {
    copyBytes(to, from, <usize>count * channels);
    return;
  }
  let pixel = from;
  if (channels === 1) {
    for (let byte = to; byte < to + count; byte++) {
      store<u8>(byte, load<u8>(pixel));
      pixel += step;
    }
    return;
  }
  if (channels === 3) {
    for (let byte = to; byte < to + 3 * count; byte += 3) {
      store<u16>(byte, load<u16>(pixel));
      store<u8>(byte, load<u8>(pixel, 2), 2);
      pixel += step;
    }
    return;
  }
  for (let byte = to; byte < to + count * channels; byte += channels) {
    for (let channel: u32 = 0; channel < channels; channel++) store<u8>(byte + channel, load<u8>(pixel + channel));
    pixel += step;
  }
}

/** A copy of few bytes, for which memory.copy is slower. The last sixteen bytes may overlap the sixteen before. */
// @ts-ignore: decorator
@inline
function copyBytes(to: usize, from: usize, count: usize): void {
  if (count < 16) {
    for (let byte: usize = 0; byte < count; byte++) store<u8>(to + byte, load<u8>(from + byte));
    return;
  }
  for (let byte: usize = 0; byte < count - 16; byte += 16) v128.store(to + byte, v128.load(from + byte));
  v128.store(to + count - 16, v128.load(from + count - 16));
}
