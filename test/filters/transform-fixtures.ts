import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plane } from "../../src/data/plane.ts";
import { at, planeFixture, planeOf } from "./fixtures.ts";

/** Half a unit in the last place of a float32 in [1/2, 1): the answers and the outputs are rounded to float32. */
export const rounding = 2 ** -25;

/** The inputs of the answers: the noisy picture, and a narrow corner of it with odd sides. */
export const noisy = planeFixture("noisy");
export const corner = cornerOf(noisy, 19, 9);

/** The upper left corner of a plane. */
export function cornerOf(plane: Plane, rows: number, columns: number): Plane {
  return planeOf(rows, columns, (row, column) => at(plane, row, column));
}

/** A filter's result for a plane of this shape, from test/fixtures/transforms. */
export function answerFor({ rows, columns }: Plane, name: string): Plane {
  const file = `${name}.${rows}x${columns}.f32`;
  const bytes = readFileSync(fileURLToPath(new URL(`../fixtures/transforms/${file}`, import.meta.url)));
  if (bytes.length !== 4 * rows * columns)
    throw new Error(`${file} does not hold ${rows * columns} numbers.`);
  return planeOf(rows, columns, (row, column) => bytes.readFloatLE(4 * (row * columns + column)));
}

/** Transformations of a plane with which a filter without a preferred direction commutes. */
export const views: readonly (readonly [string, (plane: Plane) => Plane])[] = [
  ["transposed", (plane) => planeOf(plane.columns, plane.rows, (row, column) => at(plane, column, row))],
  [
    "mirrored left to right",
    (plane) =>
      planeOf(plane.rows, plane.columns, (row, column) => at(plane, row, plane.columns - 1 - column)),
  ],
  [
    "mirrored upside down",
    (plane) => planeOf(plane.rows, plane.columns, (row, column) => at(plane, plane.rows - 1 - row, column)),
  ],
];

/** Shapes at which windows, margins and levels are larger than the plane, or do not divide it. */
export const oddShapes: readonly (readonly [rows: number, columns: number])[] = [
  [1, 1],
  [1, 7],
  [5, 3],
  [13, 20],
  [28, 28],
];
