import { describe, expect, test } from "vitest";
import type { Plane } from "../../src/data/plane.ts";
import type { FilterName } from "../../src/filters/filter.ts";
import { filters } from "../../src/filters/filters.ts";
import { mirror, mirrored } from "../../src/filters/mirror.ts";
import { at, furthest, planeFixture, planeOf } from "./fixtures.ts";

const noisy = planeFixture("noisy");

/** Half a unit in the last place of a float32 in [1/2, 1): the answers and the outputs are rounded to float32. */
const rounding = 2 ** -25;

describe("known answers of scikit-image, SciPy and NumPy", () => {
  test.each<[FilterName, number, number]>([
    ["gaussian", 0.6, 2 * rounding],
    ["gaussian", 2.3, 2 * rounding],
    ["median", 1, 0],
    ["median", 3, 0],
    ["bilateral", 0.1, 2 * rounding],
    ["bilateral", 0.7, 2 * rounding],
    ["total-variation", 0.1, 2 * rounding],
    ["total-variation", 1.5, 2 * rounding],
  ])("%s of strength %d", (name, strength, tolerance) => {
    const output = filters[name].apply(noisy, strength);
    expect(furthest(output, planeFixture(`${name}-${strength}`))).toBeLessThanOrEqual(tolerance);
  });
});

describe.each(Object.entries(filters))("%s", (name, filter) => {
  const middle = filter.strengths[filter.strengths.length >> 1] ?? Number.NaN;

  test("is listed under its own name", () => {
    expect(filter.name).toBe(name);
  });

  test("has strengths above 0 that increase", () => {
    expect(filter.strengths.length).toBeGreaterThan(2);
    for (const [index, strength] of filter.strengths.entries()) {
      expect(strength).toBeGreaterThan(filter.strengths[index - 1] ?? 0);
      if (filter.whole) expect(strength).toBe(Math.floor(strength));
    }
  });

  test("changes the noisy picture, but not the input array", () => {
    const before = noisy.values.slice();
    const output = filter.apply(noisy, filter.strengths.at(-1) ?? Number.NaN);
    expect(furthest(output, noisy)).toBeGreaterThan(0.1);
    expect(noisy.values).toEqual(before);
  });

  test("of strength 0 gives the same values, in a new array", () => {
    const output = filter.apply(noisy, 0);
    expect(furthest(output, noisy)).toBeLessThanOrEqual(4 * rounding);
    expect(output.values.buffer).not.toBe(noisy.values.buffer);
  });

  test.each([
    [9, 13],
    [16, 16],
  ])("keeps a constant plane of %d x %d", (rows, columns) => {
    const constant = planeOf(rows, columns, () => 0.3);
    for (const strength of [filter.strengths[0] ?? Number.NaN, filter.strengths.at(-1) ?? Number.NaN]) {
      expect(furthest(filter.apply(constant, strength), constant)).toBeLessThanOrEqual(4 * rounding);
    }
  });

  test("accepts a plane of one pixel", () => {
    const pixel = planeOf(1, 1, () => 0.75);
    expect(furthest(filter.apply(pixel, middle), pixel)).toBeLessThanOrEqual(4 * rounding);
  });
});

describe("a strength near 0 changes almost nothing", () => {
  const continuous = Object.values(filters).filter(({ whole }) => !whole);

  test.each(continuous)("$title", (filter) => {
    expect(furthest(filter.apply(noisy, 1e-4), noisy)).toBeLessThan(1e-3);
  });
});

describe("a mirrored picture gives the mirrored output", () => {
  const { rows, columns } = noisy;
  const mirrors: readonly (readonly [string, (plane: Plane) => Plane])[] = [
    [
      "left to right",
      (plane) => planeOf(rows, columns, (row, column) => at(plane, row, columns - 1 - column)),
    ],
    ["upside down", (plane) => planeOf(rows, columns, (row, column) => at(plane, rows - 1 - row, column))],
  ];
  // Not total variation, whose forward differences have a direction and which has not converged.
  const names: readonly FilterName[] = ["gaussian", "median", "bilateral"];
  const cases = names.flatMap((name) => mirrors.map(([way, flip]) => [name, way, flip] as const));

  test.each(cases)("%s, %s", (name, _, flip) => {
    const filter = filters[name];
    const strength = filter.strengths[1] ?? Number.NaN;
    expect(
      furthest(filter.apply(flip(noisy), strength), flip(filter.apply(noisy, strength))),
    ).toBeLessThanOrEqual(2 * rounding);
  });
});

test("edges are mirrored with the end values repeated", () => {
  expect([-7, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6].map((index) => mirror(index, 3))).toEqual([
    0, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0,
  ]);
  expect([-2, -1, 0, 1, 2].map((index) => mirror(index, 1))).toEqual([0, 0, 0, 0, 0]);
  const { stride, values } = mirrored(
    planeOf(2, 2, (row, column) => 2 * row + column),
    1,
  );
  expect(stride).toBe(4);
  expect([...values]).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3]);
});
