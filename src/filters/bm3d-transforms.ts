import { cosineBasis } from "./dct.ts";

/** A linear transform of lines of `size` values. Blocks of [size, size] values are transformed along both axes. */
export interface BlockTransform {
  readonly size: number;
  /** [size, size], one basis function per row; coefficient 0 is the mean. Every row has the norm 1. */
  readonly forward: Float64Array;
  /** [size, size], the inverse matrix. */
  readonly inverse: Float64Array;
}

/** The orthonormal DCT-II. */
export function cosineTransform(size: number): BlockTransform {
  const { cosines } = cosineBasis(size);
  const inverse = Float64Array.from(
    cosines,
    (_, at) => cosines[(at % size) * size + Math.floor(at / size)] ?? 0,
  );
  return { size, forward: cosines, inverse };
}

/**
 * The biorthogonal spline wavelet 1.5 (Cohen, Daubechies and Feauveau, "Biorthogonal bases of compactly supported
 * wavelets", 1992), in all levels and with periodic edges. `size` is a power of two. The basis functions of the analysis
 * are scaled to the norm 1, so that noise has the same strength in every coefficient.
 */
export function splineTransform(size: number): BlockTransform {
  const forward = new Float64Array(size * size);
  const inverse = new Float64Array(size * size);
  const line = new Float64Array(size);
  for (let at = 0; at < size; at++) {
    line.fill(0);
    line[at] = 1;
    analyse(line);
    for (let row = 0; row < size; row++) forward[row * size + at] = line[row] ?? 0;
    line.fill(0);
    line[at] = 1;
    synthesise(line);
    for (let row = 0; row < size; row++) inverse[row * size + at] = line[row] ?? 0;
  }
  for (let row = 0; row < size; row++) {
    const basis = forward.subarray(row * size, (row + 1) * size);
    const norm = Math.hypot(...basis);
    for (let at = 0; at < size; at++) {
      forward[row * size + at] = (forward[row * size + at] ?? 0) / norm;
      inverse[at * size + row] = (inverse[at * size + row] ?? 0) * norm;
    }
  }
  return { size, forward, inverse };
}

/**
 * The lifting steps of the wavelet: a Haar transform, then the low frequencies are corrected by the details of the
 * neighbours. 3/128 and 22/128 are the outer taps of its analysis filter, divided by those of Haar's.
 */
const [farTap, nearTap] = [3 / 128, 22 / 128];

/** Transforms a line in place: the mean first, then the details, the coarsest first. */
function analyse(line: Float64Array): void {
  for (let half = line.length >> 1; half >= 1; half >>= 1) {
    const pairs = line.slice(0, 2 * half);
    for (let place = 0; place < half; place++) {
      const [first = 0, second = 0] = [pairs[2 * place], pairs[2 * place + 1]];
      line[place] = (first + second) * Math.SQRT1_2;
      line[half + place] = (first - second) * Math.SQRT1_2;
    }
    correct(line, half, 1);
  }
}

/** The inverse of `analyse`. */
function synthesise(line: Float64Array): void {
  for (let half = 1; half < line.length; half *= 2) {
    correct(line, half, -1);
    const parts = line.slice(0, 2 * half);
    for (let place = 0; place < half; place++) {
      const [low = 0, detail = 0] = [parts[place], parts[half + place]];
      line[2 * place] = (low + detail) * Math.SQRT1_2;
      line[2 * place + 1] = (low - detail) * Math.SQRT1_2;
    }
  }
}

/** Adds to the low frequencies, line[0, half), their corrections by the details, line[half, 2 half), or subtracts them. */
function correct(line: Float64Array, half: number, sign: 1 | -1): void {
  const detail = (place: number) => line[half + ((place + 2 * half) % half)] ?? 0;
  for (let place = 0; place < half; place++) {
    const far = detail(place - 2) - detail(place + 2);
    const near = detail(place - 1) - detail(place + 1);
    line[place] = (line[place] ?? 0) + sign * (farTap * far - nearTap * near);
  }
}

/**
 * The Haar transform along a group of blocks, in place and orthonormal: blocks is [count, length], `count` a power of two.
 * Block 0 becomes the mean times the root of `count`; the order of the others does not matter here.
 */
export function transformGroup(blocks: Float64Array, count: number, length: number): void {
  for (let gap = 1; gap < count; gap *= 2) {
    for (let block = 0; block < count; block += 2 * gap)
      butterfly(blocks, block * length, gap * length, length);
  }
}

/** The inverse of transformGroup. */
export function invertGroup(blocks: Float64Array, count: number, length: number): void {
  for (let gap = count >> 1; gap >= 1; gap >>= 1) {
    for (let block = 0; block < count; block += 2 * gap)
      butterfly(blocks, block * length, gap * length, length);
  }
}

/** Replaces two blocks `gap` values apart by their sum and their difference, divided by the root of 2. */
function butterfly(blocks: Float64Array, first: number, gap: number, length: number): void {
  for (let here = first; here < first + length; here++) {
    const [a, b] = [blocks[here] ?? 0, blocks[here + gap] ?? 0];
    blocks[here] = (a + b) * Math.SQRT1_2;
    blocks[here + gap] = (a - b) * Math.SQRT1_2;
  }
}

/** A Kaiser window of [size, size] weights, 1 in the middle of an odd side (Kaiser and Schafer 1980). */
export function kaiserWindow(size: number, beta: number): Float64Array {
  const line = Float64Array.from({ length: size }, (_, at) => {
    const distance = size > 1 ? (2 * at) / (size - 1) - 1 : 0;
    return besselI0(beta * Math.sqrt(Math.max(0, 1 - distance ** 2))) / besselI0(beta);
  });
  return Float64Array.from(
    { length: size * size },
    (_, at) => (line[Math.floor(at / size)] ?? 0) * (line[at % size] ?? 0),
  );
}

/** The modified Bessel function of order 0, by its power series; for arguments below 10. */
function besselI0(x: number): number {
  let [sum, term] = [1, 1];
  for (let n = 1; n < 40; n++) {
    term *= (x / (2 * n)) ** 2;
    sum += term;
  }
  return sum;
}
