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
    this.#integral = new Float64Array((height + matching.distance + 1) * (plane.columns + 1));
  }

  /**
   * Finds the blocks similar to those at the rows `tops`, which increase, by their mean squared differences. All reference
   * blocks are compared with their neighbours at one offset at a time, by an integral image of the squared differences, and by
   * the same one with their neighbours on the other side.
   */
  find(tops: Int32Array): void {
    const { distance } = this.#matching;
    this.#begin(tops);
    for (let down = 0; down <= distance; down++) {
      for (let right = down === 0 ? 1 : -distance; right <= distance; right++) {
        this.#compare(tops, down, right);
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

  /** Compares the reference blocks with those `down` rows below and `right` columns beside them, and with the opposite ones. */
  #compare(tops: Int32Array, down: number, right: number): void {
    const { rows, columns } = this.#plane;
    const { size } = this.#matching;
    // The upper or left one of two blocks is in these rows and columns of pixels.
    const start = Math.max(0, (tops[0] ?? 0) - down);
    const end = Math.min((tops.at(-1) ?? 0) + size, rows - down);
    const [left, stop] = [Math.max(0, -right), Math.min(columns, columns - right)];
    if (end - start < size || stop - left < size) return;
    const shift = down * columns + right;
    this.#integrate(start, end, left, stop, shift);
    for (let row = 0; row < tops.length; row++) {
      const top = tops[row] ?? 0;
      if (top + size <= end) this.#take(row, top - start, 0, left, stop, shift, top);
      if (top - down >= start) this.#take(row, top - down - start, right, left, stop, -shift, top);
    }
  }

  /**
   * Adds the blocks that are `shift` values from the reference blocks of a row to their groups. The differences are in row
   * `above` of the integral image, `aside` columns to the left of the reference blocks.
   */
  #take(
    row: number,
    above: number,
    aside: number,
    left: number,
    stop: number,
    shift: number,
    top: number,
  ): void {
    const { columns } = this.#plane;
    const { size } = this.#matching;
    const [integral, limits, lefts] = [this.#integral, this.#limits, this.#lefts];
    const stride = columns + 1;
    const upper = above * stride - left;
    const lower = upper + size * stride;
    for (let column = 0, reference = row * lefts.length; column < lefts.length; column++, reference++) {
      const corner = lefts[column] ?? 0;
      const at = corner - aside;
      if (at < left || at + size > stop) continue;
      const toRight = (integral[lower + at + size] ?? 0) - (integral[upper + at + size] ?? 0);
      const difference = Math.max(0, toRight - ((integral[lower + at] ?? 0) - (integral[upper + at] ?? 0)));
      if (difference < (limits[reference] ?? 0))
        this.#add(reference, top * columns + corner + shift, difference);
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
