// Matrix products, in blocks of up to 32 x 32 results. The sums of a result are always added in the same order, so its bits
// do not depend on the block or the thread that computes it.

/** Results of a block in each direction, and the row stride in bytes. */
export const blockSide: u32 = 32;
export const blockStride: usize = 128;

/** Steps of a sum that are packed at a time. The packed parts of both factors fit the first-level cache. */
const packedSteps: u32 = 128;

/** The end of the packed factors, and the start of the scores of four rows. */
const scoreOffset: usize = blockSide * blockStride + 2 * packedSteps * blockStride;

/** The end of those scores, and the start of a table. */
const tableOffset: usize = scoreOffset + 192;

/** The end of that table, and the start of a convolution's packed weights. */
const tapsOffset: usize = tableOffset + 128;

// Per thread: every thread has its own instance of the module, with its own globals.
let scratch: usize = 0;

/** Sets this thread's memory for the block and the packed factors. */
export function useScratch(address: usize): void {
  scratch = address;
}

/** Bytes that useScratch needs: 9 x 1024 channels x 8 packed weights are the most of a convolution. */
export function scratchBytes(): u32 {
  return <u32>tapsOffset + 9 * 1024 * 32;
}

/** The address of this thread's block. */
// @ts-ignore: decorator
@inline
export function block(): usize {
  return scratch;
}

/** The address of this thread's table of eight entries of 16 bytes. */
// @ts-ignore: decorator
@inline
export function table(): usize {
  return scratch + tableOffset;
}

/** The address of this thread's packed weights of a convolution. */
// @ts-ignore: decorator
@inline
export function packedTaps(): usize {
  return scratch + tapsOffset;
}

/** The address of this thread's scores of four rows: three times four vectors. */
// @ts-ignore: decorator
@inline
export function rowScores(): usize {
  return scratch + scoreOffset;
}

/** a * b + c, with one rounding if the processor supports it. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** The sums of the lanes of four vectors. */
// @ts-ignore: decorator
@inline
export function laneSumsOf(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 2, 6), v128.shuffle<f32>(a, b, 1, 5, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 2, 6), v128.shuffle<f32>(c, d, 1, 5, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** The sums of the lanes of four vectors in memory. */
// @ts-ignore: decorator
@inline
export function laneSums(place: usize): v128 {
  return laneSumsOf(v128.load(place), v128.load(place, 16), v128.load(place, 32), v128.load(place, 48));
}

/** The products of the lanes of four vectors in memory. */
// @ts-ignore: decorator
@inline
export function laneProducts(place: usize): v128 {
  const a = v128.load(place);
  const b = v128.load(place, 16);
  const c = v128.load(place, 32);
  const d = v128.load(place, 48);
  const ab = f32x4.mul(v128.shuffle<f32>(a, b, 0, 4, 2, 6), v128.shuffle<f32>(a, b, 1, 5, 3, 7));
  const cd = f32x4.mul(v128.shuffle<f32>(c, d, 0, 4, 2, 6), v128.shuffle<f32>(c, d, 1, 5, 3, 7));
  return f32x4.mul(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/**
 * block[m, n] = sum over k of left[m, k] right[n, k]. Both factors are contiguous along the sum, in rows of `steps` quads.
 * `rows` and `columns` are multiples of 4. Computes two rows and four columns at a time: eight sums in registers, six loads
 * for eight multiply-adds.
 */
export function productOfRows(left: usize, right: usize, steps: u32, rows: u32, columns: u32): void {
  const stride = 16 * <usize>steps;
  for (let n: u32 = 0; n < columns; n += 4) {
    const column = right + n * stride;
    for (let m: u32 = 0; m < rows; m += 2) {
      let x0 = left + m * stride;
      let x1 = x0 + stride;
      let w0 = column;
      let w1 = w0 + stride;
      let w2 = w1 + stride;
      let w3 = w2 + stride;
      const end = w1;
      let c0 = f32x4.splat(0);
      let c1 = c0;
      let c2 = c0;
      let c3 = c0;
      let d0 = c0;
      let d1 = c0;
      let d2 = c0;
      let d3 = c0;
      while (w0 < end) {
        const a = v128.load(x0);
        const b = v128.load(x1);
        let w = v128.load(w0);
        c0 = multiplyAdd(a, w, c0);
        d0 = multiplyAdd(b, w, d0);
        w = v128.load(w1);
        c1 = multiplyAdd(a, w, c1);
        d1 = multiplyAdd(b, w, d1);
        w = v128.load(w2);
        c2 = multiplyAdd(a, w, c2);
        d2 = multiplyAdd(b, w, d2);
        w = v128.load(w3);
        c3 = multiplyAdd(a, w, c3);
        d3 = multiplyAdd(b, w, d3);
        x0 += 16;
        x1 += 16;
        w0 += 16;
        w1 += 16;
        w2 += 16;
        w3 += 16;
      }
      const place = scratch + m * blockStride + 4 * n;
      v128.store(place, laneSumsOf(c0, c1, c2, c3));
      v128.store(place, laneSumsOf(d0, d1, d2, d3), blockStride);
    }
  }
}

/** Sets the block to zeros, before addProduct adds to it. */
export function clearBlock(): void {
  memory.fill(scratch, 0, blockSide * blockStride);
}

/**
 * block[m, n] += sum over k of left[m, k] right[k, n]. `left` has a row stride of leftRow bytes and a stride of leftStep
 * along the sum; one of the two is 4. `right` has a stride of rightStep along the sum. `rows` is a multiple of 2, `columns`
 * of 4. The factors are packed first, `packedSteps` of the sum at a time: rows far apart would compete for the same cache
 * sets.
 */
export function addProduct(
  left: usize,
  leftRow: usize,
  leftStep: usize,
  right: usize,
  rightStep: usize,
  steps: u32,
  rows: u32,
  columns: u32,
): void {
  const packedRight = scratch + blockSide * blockStride;
  const packedLeft = packedRight + packedSteps * blockStride;
  for (let first: u32 = 0; first < steps; first += packedSteps) {
    const count = min(packedSteps, steps - first);
    pack(packedRight, right + first * rightStep, rightStep, count, columns);
    if (leftRow == 4) {
      pack(packedLeft, left + first * leftStep, leftStep, count, rows);
      addPacked(packedLeft, 4, blockStride, packedRight, count, rows, columns);
    } else {
      addPacked(left + first * leftStep, leftRow, leftStep, packedRight, count, rows, columns);
    }
  }
}

/** Copies `steps` rows of `columns` numbers to rows of 32. The rest of each row is stale; its results are not used. */
function pack(to: usize, from: usize, fromStep: usize, steps: u32, columns: u32): void {
  if (columns == 32) {
    for (let k: u32 = 0; k < steps; k++) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      v128.store(to, v128.load(from, 32), 32);
      v128.store(to, v128.load(from, 48), 48);
      v128.store(to, v128.load(from, 64), 64);
      v128.store(to, v128.load(from, 80), 80);
      v128.store(to, v128.load(from, 96), 96);
      v128.store(to, v128.load(from, 112), 112);
      to += blockStride;
      from += fromStep;
    }
    return;
  }
  const bytes: usize = 4 * columns;
  for (let k: u32 = 0; k < steps; k++) {
    for (let place: usize = 0; place < bytes; place += 16) v128.store(to + place, v128.load(from + place));
    to += blockStride;
    from += fromStep;
  }
}

/** Computes two rows and sixteen columns at a time: eight sums in registers, six loads for eight multiply-adds. */
function addPacked(
  left: usize,
  leftRow: usize,
  leftStep: usize,
  right: usize,
  steps: u32,
  rows: u32,
  columns: u32,
): void {
  const end = right + steps * blockStride;
  for (let n: u32 = 0; n < columns; n += 16) {
    const half: usize = 4 * n;
    for (let m: u32 = 0; m < rows; m += 2) {
      let place = scratch + m * blockStride + half;
      let c0 = v128.load(place);
      let c1 = v128.load(place, 16);
      let c2 = v128.load(place, 32);
      let c3 = v128.load(place, 48);
      let d0 = v128.load(place, blockStride);
      let d1 = v128.load(place, blockStride + 16);
      let d2 = v128.load(place, blockStride + 32);
      let d3 = v128.load(place, blockStride + 48);
      let x0 = left + m * leftRow;
      let x1 = x0 + leftRow;
      for (let b = right + half; b < end; b += blockStride) {
        const b0 = v128.load(b);
        const b1 = v128.load(b, 16);
        const b2 = v128.load(b, 32);
        const b3 = v128.load(b, 48);
        const s = v128.load32_splat(x0);
        const t = v128.load32_splat(x1);
        c0 = multiplyAdd(s, b0, c0);
        c1 = multiplyAdd(s, b1, c1);
        c2 = multiplyAdd(s, b2, c2);
        c3 = multiplyAdd(s, b3, c3);
        d0 = multiplyAdd(t, b0, d0);
        d1 = multiplyAdd(t, b1, d1);
        d2 = multiplyAdd(t, b2, d2);
        d3 = multiplyAdd(t, b3, d3);
        x0 += leftStep;
        x1 += leftStep;
      }
      v128.store(place, c0);
      v128.store(place, c1, 16);
      v128.store(place, c2, 32);
      v128.store(place, c3, 48);
      v128.store(place, d0, blockStride);
      v128.store(place, d1, blockStride + 16);
      v128.store(place, d2, blockStride + 32);
      v128.store(place, d3, blockStride + 48);
    }
  }
}
