// Gaussian blur of the kernel's view (view.ts). Beyond the picture's edge, the outermost pixels are repeated.
// Twin: shaders/lib/blur.wgsl.
import { exp1 } from "./math";
import { storeFour } from "./rows";
import { sampleBits, viewedSample } from "./samples";
import { placeOfColumn, placeOfRow, sideBySide } from "./view";

/** Four contiguous bytes, as i16 in the lower half. */
// @ts-ignore: decorator
@inline
function fourBytes(address: usize): v128 {
  return i16x8.extend_low_i8x16_u(v128.load32_zero(address));
}

/** The sum of two bytes at two addresses, as an i32. */
// @ts-ignore: decorator
@inline
function twoBytes(address: usize, other: usize): i32 {
  return <i32>load<u8>(address) + <i32>load<u8>(other);
}

/**
 * Stores values first .. end - 1 of the blurred view at `values`, the address of value 0; sigma is at most 3 pixels. The
 * weight of an offset is the product of one weight per direction, g(x) = q^(x x), computed by multiplication from the
 * middle outwards. The four pixels with the same weight are first added as integers. On an axis they coincide in pairs, so
 * g(0) is halved.
 */
export function blur(
  values: usize,
  origin: usize,
  first: u32,
  end: u32,
  columns: u32,
  channels: u32,
  sigma: f32,
): void {
  const reach = min(9, <i32>ceil<f32>(3 * sigma));
  // At sigma 0 there is one weight, g(0).
  const q = exp1(<f32>-0.5 / max(sigma * sigma, <f32>1e-12));
  let side: f32 = 0;
  let g: f32 = 0.5;
  let ratio: f32 = 2 * q;
  for (let x = 0; x <= reach; x++) {
    side += 2 * g;
    g *= ratio;
    ratio *= x === 0 ? <f32>0.5 * q * q : q * q;
  }
  const width = columns * channels;
  const deep = sampleBits !== 8;
  const scale = f32x4.splat(deep ? 1 : <f32>(1.0 / 255.0));
  const total = f32x4.splat(side * side);
  for (let value = first; value < end; ) {
    const row = value / width;
    const inRow = value - row * width;
    const count = min<u32>(4, min(end - value, width - inRow));
    const contiguous =
      !deep &&
      count === 4 && sideBySide(<i32>(inRow / channels) - reach, <i32>((inRow + 3) / channels) + reach, channels);
    const sum = contiguous
      ? sumSideBySide(origin, row, inRow, channels, reach, q)
      : deep
        ? sumDeep(origin, row, inRow, channels, reach, q)
        : sumApart(origin, row, inRow, channels, reach, q);
    const blurred = f32x4.div(f32x4.mul(sum, scale), total);
    storeFour(values + 4 * <usize>value, blurred, count);
    value += count;
  }
}

/** The weighted sum of the bytes around each of four values of a row, if all are contiguous. */
function sumSideBySide(origin: usize, row: u32, inRow: u32, channels: u32, reach: i32, q: f32): v128 {
  const square = q * q;
  const start = placeOfColumn(inRow / channels) + (inRow % channels);
  let sum = f32x4.splat(0);
  let down: f32 = 0.5;
  let downRatio: f32 = 2 * q;
  for (let y = 0; y <= reach; y++) {
    const above = origin + placeOfRow(row - y) + start;
    const below = origin + placeOfRow(row + y) + start;
    let weight: f32 = 0.5 * down;
    let ratio: f32 = 2 * q;
    for (let x = 0; x <= reach; x++) {
      const step: usize = x * channels;
      const left = i16x8.add(fourBytes(above - step), fourBytes(below - step));
      const right = i16x8.add(fourBytes(above + step), fourBytes(below + step));
      const bytes = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.add(left, right)));
      sum = f32x4.add(sum, f32x4.mul(f32x4.splat(weight), bytes));
      weight *= ratio;
      ratio *= x === 0 ? <f32>0.5 * square : square;
    }
    down *= downRatio;
    downRatio *= y === 0 ? <f32>0.5 * square : square;
  }
  return sum;
}

/** The same for samples of more than 8 bits, as numbers; each weight is computed as in the sums above. */
function sumDeep(origin: usize, row: u32, inRow: u32, channels: u32, reach: i32, q: f32): v128 {
  const square = q * q;
  let sum = f32x4.splat(0);
  let down: f32 = 0.5;
  let downRatio: f32 = 2 * q;
  for (let y = 0; y <= reach; y++) {
    let weight: f32 = 0.5 * down;
    let ratio: f32 = 2 * q;
    for (let x = 0; x <= reach; x++) {
      let values = f32x4.splat(deepAround(origin, row, inRow, channels, x, y));
      values = f32x4.replace_lane(values, 1, deepAround(origin, row, inRow + 1, channels, x, y));
      values = f32x4.replace_lane(values, 2, deepAround(origin, row, inRow + 2, channels, x, y));
      values = f32x4.replace_lane(values, 3, deepAround(origin, row, inRow + 3, channels, x, y));
      sum = f32x4.add(sum, f32x4.mul(f32x4.splat(weight), values));
      weight *= ratio;
      ratio *= x === 0 ? <f32>0.5 * square : square;
    }
    down *= downRatio;
    downRatio *= y === 0 ? <f32>0.5 * square : square;
  }
  return sum;
}

/** The sum of the four values x columns and y rows from a value of a row. */
function deepAround(origin: usize, row: i32, inRow: u32, channels: u32, x: i32, y: i32): f32 {
  const column: i32 = inRow / channels;
  const channel = inRow % channels;
  return (
    viewedSample(origin, row - y, column - x, channel) +
    viewedSample(origin, row - y, column + x, channel) +
    viewedSample(origin, row + y, column - x, channel) +
    viewedSample(origin, row + y, column + x, channel)
  );
}

/** The same for values at any address. */
function sumApart(origin: usize, row: u32, inRow: u32, channels: u32, reach: i32, q: f32): v128 {
  const square = q * q;
  const column0: i32 = inRow / channels;
  const column1: i32 = (inRow + 1) / channels;
  const column2: i32 = (inRow + 2) / channels;
  const column3: i32 = (inRow + 3) / channels;
  const channel0: usize = inRow % channels;
  const channel1: usize = (inRow + 1) % channels;
  const channel2: usize = (inRow + 2) % channels;
  const channel3: usize = (inRow + 3) % channels;
  let sum = f32x4.splat(0);
  let down: f32 = 0.5;
  let downRatio: f32 = 2 * q;
  for (let y = 0; y <= reach; y++) {
    const above = origin + placeOfRow(row - y);
    const below = origin + placeOfRow(row + y);
    let weight: f32 = 0.5 * down;
    let ratio: f32 = 2 * q;
    for (let x = 0; x <= reach; x++) {
      let bytes = i32x4.splat(fourAround(above, below, column0, x, channel0));
      bytes = i32x4.replace_lane(bytes, 1, fourAround(above, below, column1, x, channel1));
      bytes = i32x4.replace_lane(bytes, 2, fourAround(above, below, column2, x, channel2));
      bytes = i32x4.replace_lane(bytes, 3, fourAround(above, below, column3, x, channel3));
      sum = f32x4.add(sum, f32x4.mul(f32x4.splat(weight), f32x4.convert_i32x4_s(bytes)));
      weight *= ratio;
      ratio *= x === 0 ? <f32>0.5 * square : square;
    }
    down *= downRatio;
    downRatio *= y === 0 ? <f32>0.5 * square : square;
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function fourAround(above: usize, below: usize, column: i32, x: i32, channel: usize): i32 {
  const left = placeOfColumn(column - x) + channel;
  const right = placeOfColumn(column + x) + channel;
  return twoBytes(above + left, above + right) + twoBytes(below + left, below + right);
}
