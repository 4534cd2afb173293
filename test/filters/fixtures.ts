import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plane } from "../../src/data/plane.ts";

/** The shape of every plane of test/fixtures/filters/make_filters.py. */
const rows = 20;
const columns = 24;

const read = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../fixtures/filters/${name}`, import.meta.url)));

/** A plane of test/fixtures/filters, by its file's name without the ending. */
export function planeFixture(name: string): Plane {
  const bytes = read(`${name}.f32`);
  if (bytes.length !== 4 * rows * columns)
    throw new Error(`${name}.f32 does not hold ${rows} x ${columns} numbers.`);
  const values = Float32Array.from({ length: rows * columns }, (_, index) => bytes.readFloatLE(4 * index));
  return { rows, columns, values };
}

interface Answers {
  readonly ssim: { readonly noisy: number; readonly inverted: number; readonly smallest: number };
  readonly clippedMean: readonly { readonly clean: number; readonly sigma: number; readonly mean: number }[];
  readonly normalCumulative: readonly { readonly z: number; readonly probability: number }[];
}

export const answers = JSON.parse(read("answers.json").toString()) as Answers;

/** A plane from a function of the row and the column. */
export function planeOf(
  rows: number,
  columns: number,
  value: (row: number, column: number) => number,
): Plane {
  const values = Float32Array.from({ length: rows * columns }, (_, pixel) =>
    value(Math.floor(pixel / columns), pixel % columns),
  );
  return { rows, columns, values };
}

/** The value at a position, or NaN outside the plane. */
export function at(plane: Plane, row: number, column: number): number {
  return plane.values[row * plane.columns + column] ?? Number.NaN;
}

/** The largest difference between two planes of one shape. */
export function furthest(a: Plane, b: Plane): number {
  if (a.rows !== b.rows || a.columns !== b.columns || a.values.length !== b.values.length) {
    throw new Error(`${a.rows} x ${a.columns} and ${b.rows} x ${b.columns} pixels cannot be compared.`);
  }
  return a.values.reduce((most, value, pixel) => {
    const difference = Math.abs(value - (b.values[pixel] ?? Number.NaN));
    return difference <= most ? most : difference;
  }, 0);
}
