import { describe, expect, test } from "vitest";
import { dct, denoiseDct } from "../../src/filters/dct.ts";
import { furthest, planeOf } from "./fixtures.ts";
import { answerFor, corner, cornerOf, noisy, oddShapes, rounding, views } from "./transform-fixtures.ts";

describe("known answers of SciPy's dctn", () => {
  test.each([
    [8, 0.6],
    [5, 0.3],
    [16, 0.6],
  ])("window %d, threshold %d", (window, threshold) => {
    for (const plane of [noisy, corner]) {
      const answer = answerFor(plane, `dct-${window}-${threshold}`);
      expect(furthest(denoiseDct(plane, { window, threshold }), answer)).toBeLessThanOrEqual(2 * rounding);
    }
  });

  test("strength 0.2 is a threshold of 0.6 in windows of 8", () => {
    expect(furthest(dct.apply(noisy, 0.2), answerFor(noisy, "dct-8-0.6"))).toBeLessThanOrEqual(2 * rounding);
  });
});

test.each(views)("a picture %s gives the output %s", (_, view) => {
  expect(furthest(dct.apply(view(noisy), 0.2), view(dct.apply(noisy, 0.2)))).toBeLessThanOrEqual(
    2 * rounding,
  );
});

test.each(oddShapes)("does not change a plane of %d x %d if no coefficient is small", (rows, columns) => {
  const plane = cornerOf(
    planeOf(28, 28, (row, column) => ((7 * row + 11 * column) % 13) / 13),
    rows,
    columns,
  );
  expect(furthest(denoiseDct(plane, { window: 8, threshold: 1e-12 }), plane)).toBeLessThanOrEqual(rounding);
});

test.each(oddShapes)(
  "keeps only the mean of %d x %d pixels if all coefficients are small",
  (rows, columns) => {
    const size = Math.min(rows, columns);
    const plane = cornerOf(
      planeOf(28, 28, (row, column) => ((7 * row + 11 * column) % 13) / 13),
      size,
      size,
    );
    const mean = plane.values.reduce((sum, value) => sum + value, 0) / size ** 2;
    const output = denoiseDct(plane, { window: size, threshold: 1e9 });
    expect(
      furthest(
        output,
        planeOf(size, size, () => mean),
      ),
    ).toBeLessThanOrEqual(2 * rounding);
  },
);
