import { type BlockTransform, kaiserWindow } from "./bm3d-transforms.ts";
import type { Matrix } from "./wavelet-transform.ts";

/*
 * 2D spectra of the blocks of a plane, for as many rows of blocks as are in use at a time: the blocks in row y are at y mod depth. A block
 * is named by its upper left pixel, row * columns + column. Its spectrum is [horizontal, vertical frequencies].
 */

/** The spectra of the blocks of a plane. Overlapping blocks share the transforms along their rows. */
export class BlockSpectra {
  readonly #plane: Matrix;
  readonly #transform: BlockTransform;
  readonly #depth: number;
  /** Columns in which a block fits. */
  readonly #across: number;
  /** [depth, across, size, size] */
  readonly #spectra: Float64Array;
  /** [across, size, size]: at each column the coefficients of `size` rows; those of row y are at y mod size. */
  readonly #lines: Float64Array;
  /** The forward matrix with its columns in the order of the rows in `#lines`. */
  readonly #rotated: Float64Array;
  /** Rows of blocks and rows of pixels that have been transformed. */
  #blocksDone = 0;
  #linesDone = 0;

  /** Holds `depth` rows of blocks. */
  constructor(plane: Matrix, transform: BlockTransform, depth: number) {
    const { size } = transform;
    this.#plane = plane;
    this.#transform = transform;
    this.#depth = Math.min(depth, plane.rows - size + 1);
    this.#across = plane.columns - size + 1;
    this.#spectra = new Float64Array(this.#depth * this.#across * size ** 2);
    this.#lines = new Float64Array(this.#across * size ** 2);
    this.#rotated = new Float64Array(size ** 2);
  }

  /** Computes the spectra of the blocks in the rows before `end`; the last `depth` rows stay. */
  computeUntil(end: number): void {
    const { size } = this.#transform;
    for (; this.#blocksDone < end; this.#blocksDone++) {
      for (; this.#linesDone < this.#blocksDone + size; this.#linesDone++)
        this.#transformLine(this.#linesDone);
      this.#transformBlocks(this.#blocksDone);
    }
  }

  /** Copies the spectra of blocks to `group`, [count, size, size]. */
  gather(blocks: Int32Array, group: Float64Array): void {
    const { columns } = this.#plane;
    const length = this.#transform.size ** 2;
    const spectra = this.#spectra;
    for (let block = 0; block < blocks.length; block++) {
      const corner = blocks[block] ?? 0;
      const row = Math.floor(corner / columns);
      let from = ((row % this.#depth) * this.#across + corner - row * columns) * length;
      const end = (block + 1) * length;
      for (let to = block * length; to < end; to++, from++) group[to] = spectra[from] ?? 0;
    }
  }

  /** Transforms `size` values from each pixel of a row on. */
  #transformLine(row: number): void {
    const { size, forward } = this.#transform;
    const { columns, values } = this.#plane;
    const lines = this.#lines;
    let to = row % size;
    for (let column = 0; column < this.#across; column++) {
      const from = row * columns + column;
      for (let frequency = 0; frequency < size; frequency++, to += size) {
        lines[to] = dot(forward, frequency * size, values, from, size);
      }
    }
  }

  /** Transforms `size` transformed lines along the columns. */
  #transformBlocks(top: number): void {
    const { size, forward } = this.#transform;
    const [lines, spectra, across, rotated] = [this.#lines, this.#spectra, this.#across, this.#rotated];
    for (let row = 0; row < size; row++) {
      const to = (top + row) % size;
      for (let frequency = 0; frequency < size; frequency++) {
        rotated[frequency * size + to] = forward[frequency * size + row] ?? 0;
      }
    }
    const first = (top % this.#depth) * across * size ** 2;
    for (let column = 0; column < across; column++) {
      const block = column * size ** 2;
      for (let at = 0; at < size; at++) {
        const line = block + at * size;
        for (let frequency = 0; frequency < size; frequency++) {
          spectra[first + line + frequency] = dot(rotated, frequency * size, lines, line, size);
        }
      }
    }
  }
}

/**
 * The weighted mean of overlapping blocks, from their spectra. The spectra of all estimates of a block are added up, so that each
 * block is transformed back only once.
 */
export class BlockMean {
  readonly #rows: number;
  readonly #columns: number;
  readonly #transform: BlockTransform;
  readonly #window: Float64Array;
  readonly #depth: number;
  readonly #across: number;
  /** [depth, across, size, size] and [depth, across]: sums of weight * spectrum, and of the weights. */
  readonly #spectra: Float64Array;
  readonly #weights: Float64Array;
  /** [rows, columns]: sums of weight * value, and of the weights. */
  readonly #valueSums: Float64Array;
  readonly #weightSums: Float64Array;
  /** [size, size]: a block transformed back along its columns. */
  readonly #half: Float64Array;
  /** Rows of blocks that have been transformed back. */
  #done = 0;

  /** Holds `depth` rows of blocks; a Kaiser window of parameter `beta` weights the pixels of a block. */
  constructor({ rows, columns }: Matrix, transform: BlockTransform, beta: number, depth: number) {
    const { size } = transform;
    this.#rows = rows;
    this.#columns = columns;
    this.#transform = transform;
    this.#window = kaiserWindow(size, beta);
    this.#depth = Math.min(depth, rows - size + 1);
    this.#across = columns - size + 1;
    this.#spectra = new Float64Array(this.#depth * this.#across * size ** 2);
    this.#weights = new Float64Array(this.#depth * this.#across);
    this.#valueSums = new Float64Array(rows * columns);
    this.#weightSums = new Float64Array(rows * columns);
    this.#half = new Float64Array(size ** 2);
  }

  /** Adds the spectra of blocks, [count, size, size], with one weight. Their rows are not done, and the last is less than `depth` further. */
  add(blocks: Int32Array, group: Float64Array, weight: number): void {
    const length = this.#transform.size ** 2;
    const [spectra, weights] = [this.#spectra, this.#weights];
    for (let block = 0; block < blocks.length; block++) {
      const corner = blocks[block] ?? 0;
      const row = Math.floor(corner / this.#columns);
      const place = (row % this.#depth) * this.#across + corner - row * this.#columns;
      weights[place] = (weights[place] ?? 0) + weight;
      let to = place * length;
      const end = (block + 1) * length;
      for (let from = block * length; from < end; from++, to++) {
        spectra[to] = (spectra[to] ?? 0) + weight * (group[from] ?? 0);
      }
    }
  }

  /** Transforms the blocks in the rows before `end` back; none is added to them later. */
  finishUntil(end: number): void {
    for (; this.#done < end; this.#done++) {
      const first = (this.#done % this.#depth) * this.#across;
      for (let column = 0; column < this.#across; column++) {
        const weight = this.#weights[first + column] ?? 0;
        if (weight > 0) this.#invert(first + column, this.#done * this.#columns + column, weight);
      }
      this.#weights.fill(0, first, first + this.#across);
      this.#spectra.fill(0, first * this.#half.length, (first + this.#across) * this.#half.length);
    }
  }

  /** The mean, when the blocks of all rows are done. */
  result(): Matrix {
    const weights = this.#weightSums;
    const values = this.#valueSums.map((sum, pixel) => sum / (weights[pixel] ?? 1));
    return { rows: this.#rows, columns: this.#columns, values };
  }

  /** Transforms the block at `place` back and adds it to the pixels from `corner` on. */
  #invert(place: number, corner: number, weight: number): void {
    const { size, inverse } = this.#transform;
    const [spectra, half, window, values, weights] = [
      this.#spectra,
      this.#half,
      this.#window,
      this.#valueSums,
      this.#weightSums,
    ];
    const from = place * half.length;
    for (let row = 0; row < size; row++) {
      for (let at = 0; at < size; at++) {
        half[row * size + at] = dot(inverse, row * size, spectra, from + at * size, size);
      }
    }
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const value = dot(half, row * size, inverse, column * size, size);
        const pixel = corner + row * this.#columns + column;
        const share = window[row * size + column] ?? 0;
        values[pixel] = (values[pixel] ?? 0) + share * value;
        weights[pixel] = (weights[pixel] ?? 0) + share * weight;
      }
    }
  }
}

/** The scalar product of `length` values of two arrays. Four products a turn take half the time of one. */
function dot(a: Float64Array, firstA: number, b: Float64Array, firstB: number, length: number): number {
  let sum = 0;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    sum +=
      (a[firstA + at] ?? 0) * (b[firstB + at] ?? 0) +
      (a[firstA + at + 1] ?? 0) * (b[firstB + at + 1] ?? 0) +
      (a[firstA + at + 2] ?? 0) * (b[firstB + at + 2] ?? 0) +
      (a[firstA + at + 3] ?? 0) * (b[firstB + at + 3] ?? 0);
  }
  for (; at < length; at++) sum += (a[firstA + at] ?? 0) * (b[firstB + at] ?? 0);
  return sum;
}
