import { describe, expect, test } from "vitest";
import { principalComponents } from "../../src/math/principal-components.ts";
import answers from "../fixtures/principal-components/answers.json" with { type: "json" };
import { MadeNumbers } from "../kernels/made-numbers.ts";

describe("principal components equal numpy's", () => {
  test.each(answers)("$name", ({ width, points, ...expected }) => {
    const found = principalComponents(Float32Array.from(points), width, 2);
    expectClose(found.mean, expected.mean);
    expectClose(found.shares, expected.shares);
    expected.directions.forEach((direction, index) => {
      expectClose(found.directions[index] ?? [], direction);
    });
  });
});

test("points on a line have one component, and the second is zero", () => {
  const line = Float32Array.from({ length: 30 }, (_, index) => (index % 3 === 1 ? 2 : Math.floor(index / 3)));
  const { directions, shares } = principalComponents(line, 3, 2);
  expectClose(directions[0] ?? [], [Math.SQRT1_2, 0, Math.SQRT1_2]);
  expect([...(directions[1] ?? [])]).toEqual([0, 0, 0]);
  expectClose(shares, [1, 0]);
});

test("equal points, or a single one, have no components", () => {
  for (const count of [1, 4]) {
    const { mean, directions, shares } = principalComponents(new Float32Array(2 * count).fill(3), 2, 2);
    expect([...mean]).toEqual([3, 3]);
    expect(directions.map((direction) => [...direction])).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect([...shares]).toEqual([0, 0]);
  }
});

test("components of points with many dimensions are orthogonal, of length 1, and always the same", () => {
  const points = new MadeNumbers("wide points").floats(40 * 300, 0, 1);
  const found = principalComponents(points, 300, 2);
  const [first, second] = found.directions;
  if (!first || !second) throw new Error("Two directions were asked for.");
  const dot = (a: Float64Array, b: Float64Array) =>
    a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
  expectClose([dot(first, first), dot(second, second), dot(first, second)], [1, 1, 0]);
  expect(principalComponents(points, 300, 2)).toEqual(found);
});

function expectClose(got: ArrayLike<number>, want: ArrayLike<number>): void {
  expect(got.length).toBe(want.length);
  const worst = Array.from(want, (value, index) => Math.abs(value - (got[index] ?? Number.NaN)));
  expect(Math.max(...worst)).toBeLessThan(1e-6);
}
