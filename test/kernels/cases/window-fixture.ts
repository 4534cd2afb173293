import { quads } from "../../../src/math/layout.ts";
import {
  type WindowGrid,
  windowGrid,
  windowStart,
  windowsAcross,
  windowsOf,
} from "../../../src/math/window-grid.ts";
import { MadeNumbers } from "../made-numbers.ts";

/** A picture, its windows, and the batch of windows of one launch. */
export interface WindowShape {
  readonly picture: readonly [rows: number, columns: number, channels: number];
  readonly window: readonly [rows: number, columns: number, channels: number];
  readonly stride: number;
  /** The range of the batch's window numbers; without an end, up to the last one. */
  readonly first?: number;
  readonly count?: number;
  /** The number of windows that the buffers can hold. */
  readonly batch?: number;
}

/** Grey and colour, one window and many, every kind of overlap, sizes that are not multiples of tiles, and planes. */
export const windowShapes: readonly WindowShape[] = [
  { picture: [1, 1, 1], window: [1, 1, 1], stride: 1 },
  { picture: [3, 3, 1], window: [3, 3, 1], stride: 2 },
  { picture: [1, 9, 1], window: [1, 2, 1], stride: 1 },
  { picture: [7, 5, 1], window: [3, 2, 1], stride: 1 },
  { picture: [7, 5, 1], window: [3, 2, 1], stride: 2, first: 3, count: 4, batch: 9 },
  { picture: [13, 11, 1], window: [5, 5, 1], stride: 3 },
  { picture: [13, 11, 1], window: [5, 5, 1], stride: 5, first: 2, count: 5 },
  { picture: [10, 12, 3], window: [4, 3, 3], stride: 1, first: 10, count: 31 },
  { picture: [10, 12, 3], window: [4, 3, 3], stride: 3, first: 11, count: 1, batch: 3 },
  { picture: [9, 8, 3], window: [4, 5, 1], stride: 2, first: 7, count: 13 },
  { picture: [9, 8, 3], window: [4, 5, 1], stride: 4 },
  { picture: [40, 300, 1], window: [17, 17, 1], stride: 3, first: 40, count: 200, batch: 256 },
];

/** A shape's grid, its batch, and the range of picture rows in the device's buffers. */
export class WindowFixture {
  readonly grid: WindowGrid;
  readonly first: number;
  readonly count: number;
  readonly batch: number;
  /**
   * Rows of the picture, from `top` up to, not including, `bottom`: those of the batch, and up to two rows around it.
   */
  readonly top: number;
  readonly bottom: number;
  readonly numbers: MadeNumbers;
  readonly name: string;

  constructor(kernel: string, shape: WindowShape) {
    const [picture, window] = [shape.picture, shape.window].map(([rows, columns, channels]) => ({
      rows,
      columns,
      channels,
    }));
    if (!picture || !window) throw new RangeError("A shape has a picture and a window.");
    this.grid = windowGrid(picture, window, shape.stride);
    this.first = shape.first ?? 0;
    this.count = shape.count ?? windowsOf(this.grid) - this.first;
    this.batch = shape.batch ?? this.count;
    const { down } = this.grid;
    const rowOf = (number: number) => windowStart(down, Math.floor(number / windowsAcross(this.grid)));
    this.top = Math.max(0, rowOf(this.first) - 2);
    this.bottom = Math.min(down.length, rowOf(this.first + this.count - 1) + down.window + 2);
    this.numbers = new MadeNumbers(`${kernel} ${shape.picture} ${shape.window} ${shape.stride}`);
    this.name = `${kernel}: ${shape.picture.join(" x ")} by ${shape.window.join(" x ")} every ${shape.stride}, windows ${this.first} to ${this.first + this.count - 1}`;
  }

  /** The number of values of one window, and of its quads on the device. */
  get size(): number {
    return this.grid.down.window * this.grid.across.window;
  }

  get quads(): number {
    return quads(this.size);
  }

  /** The number of values of one row of the picture. */
  get width(): number {
    return this.grid.across.length * this.grid.planes;
  }

  /** The part of whole-picture values [down.length, width] that is in the device's buffers. */
  inRows<T extends Float32Array<ArrayBuffer> | Float64Array>(values: T): T {
    return values.slice(this.top * this.width, this.bottom * this.width) as T;
  }
}
