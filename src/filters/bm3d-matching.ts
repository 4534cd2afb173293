import type { Matrix } from "./wavelet-transform.ts";

/** Which blocks count as similar to a reference block. */
export interface Matching {
  /** The side of the blocks in pixels. */
  readonly size: number;
  /** The search distance: the largest offset of a block from its reference block, in rows and columns. */
  readonly distance: number;
  /** Blocks in a group at most: a power of two. */
  readonly most: number;
  /** The mean squared difference above which a block is not similar, in squared grey values. */
  readonly limit: number;
}

/** The similar blocks of every reference block in some rows of them. A block is named by its upper left pixel. */
export class BlockMatcher {
  /** [reference rows, reference columns]: similar blocks found, the reference block included. */
  readonly counts: Int32Array;
  /** [reference rows, reference columns, most]: row * columns + column of each block, the most similar first. */
  readonly blocks: Int32Array;

  readonly #plane: Matrix;
  readonly #matching: Matching;
  readonly #lefts: Int32Array;
  /** [reference rows, reference columns, most]: the sums of squared differences of `blocks`, increasing. */
  readonly #differences: Float64Array;
  /** [reference rows, reference columns]: a block is added to the group only if its difference is smaller. */
  readonly #limits: Float64Array;
  /** [rows + 1, columns + 1] of the band of pixels under the reference blocks. */
  readonly #integral: Float64Array;

  /** Looks for similar blocks in the plane: for reference blocks of up to `height` pixels together, at the columns `lefts`. */
  constructor(plane: Matrix, matching: Matching, lefts: Int32Array, rows: number, height: number) {
    const references = rows * lefts.length;
    this.#plane = plane;
    this.#matching = matching;
    this.#lefts = lefts;
    this.counts = new Int32Array(references);
    this.blocks = new Int32Array(references * matching.most);
    this.#differences = new Float64Array(references * matching.most);
    this.#limits = new Float64Array(references);
    this.#integral = new Float64Array((height + 1) * (plane.columns + 1));
  }

  /**
   * Finds the blocks similar to those at the rows `tops`, which increase, by their mean squared differences. All reference
   * blocks are compared with their neighbours at one offset at a time, by an integral image of the squared differences.
   */
  find(tops: Int32Array): void {
    const { distance } = this.#matching;
    this.#begin(tops);
    for (let down = -distance; down <= distance; down++) {
      for (let right = -distance; right <= distance; right++) {
        if (down !== 0 || right !== 0) this.#compare(tops, down, right);
      }
    }
  }

  /** Every group begins with its reference block. */
  #begin(tops: Int32Array): void {
    const { size, most, limit } = this.#matching;
    const lefts = this.#lefts;
    for (let row = 0, reference = 0; row < tops.length; row++) {
      for (let column = 0; column < lefts.length; column++, reference++) {
        this.counts[reference] = 1;
        this.blocks[reference * most] = (tops[row] ?? 0) * this.#plane.columns + (lefts[column] ?? 0);
        this.#differences[reference * most] = 0;
        this.#limits[reference] = most > 1 ? limit * size ** 2 : 0;
      }
    }
  }

  /** Compares the reference blocks with those at one offset from them, where these are in the plane. */
  #compare(tops: Int32Array, down: number, right: number): void {
    const { rows, columns } = this.#plane;
    const { size } = this.#matching;
    const lefts = this.#lefts;
    let first = 0;
    let end = tops.length;
    while (first < end && (tops[first] ?? 0) + down < 0) first++;
    while (first < end && (tops[end - 1] ?? 0) + down + size > rows) end--;
    if (first === end) return;
    const start = tops[first] ?? 0;
    const [left, stop] = [Math.max(0, -right), Math.min(columns, columns - right)];
    this.#integrate(start, (tops[end - 1] ?? 0) + size, left, stop, down * columns + right);

    const integral = this.#integral;
    const limits = this.#limits;
    const stride = columns + 1;
    for (let row = first; row < end; row++) {
      const top = tops[row] ?? 0;
      const above = (top - start) * stride - left;
      const below = above + size * stride;
      for (let column = 0; column < lefts.length; column++) {
        const at = lefts[column] ?? 0;
        if (at < left || at + size > stop) continue;
        const toRight = (integral[below + at + size] ?? 0) - (integral[above + at + size] ?? 0);
        const difference = Math.max(0, toRight - ((integral[below + at] ?? 0) - (integral[above + at] ?? 0)));
        const reference = row * lefts.length + column;
        if (difference < (limits[reference] ?? 0)) {
          this.#add(reference, (top + down) * columns + at + right, difference);
        }
      }
    }
  }

  /**
   * The integral image of the squared differences between the pixels of some rows and columns and those `shift` values
   * further. Its first row and column stay 0.
   */
  #integrate(firstRow: number, endRow: number, firstColumn: number, endColumn: number, shift: number): void {
    const { columns, values } = this.#plane;
    const integral = this.#integral;
    const stride = columns + 1;
    for (let row = firstRow; row < endRow; row++) {
      const end = row * columns + endColumn;
      let to = (row - firstRow + 1) * stride + 1;
      let rowSum = 0;
      for (let here = row * columns + firstColumn; here < end; here++, to++) {
        const difference = (values[here] ?? 0) - (values[here + shift] ?? 0);
        rowSum += difference * difference;
        integral[to] = (integral[to - stride] ?? 0) + rowSum;
      }
    }
  }

  /** Inserts a block into a group by its difference; the least similar block is dropped if the group is full. */
  #add(reference: number, block: number, difference: number): void {
    const { most } = this.#matching;
    const differences = this.#differences;
    const count = Math.min((this.counts[reference] ?? 0) + 1, most);
    const first = reference * most;
    let place = first + count - 1;
    for (; place > first && (differences[place - 1] ?? 0) > difference; place--) {
      differences[place] = differences[place - 1] ?? 0;
      this.blocks[place] = this.blocks[place - 1] ?? 0;
    }
    differences[place] = difference;
    this.blocks[place] = block;
    this.counts[reference] = count;
    if (count === most) this.#limits[reference] = differences[first + most - 1] ?? 0;
  }
}
