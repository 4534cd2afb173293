import fc from "fast-check";
import { expect, test } from "vitest";
import { logTicks } from "../../../src/lab/results/curves.ts";

test.each([
  [1e-4, 1, [1e-4, 1e-3, 1e-2, 0.1, 1]],
  [0.05, 0.7, [0.05, 0.1, 0.2, 0.5]],
  [0.12, 0.41, [0.15, 0.2, 0.25, 0.3, 0.35, 0.4]],
  [0.2, 0.9, [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]],
])("a logarithmic axis from %f to %f has round numbers", (min, max, ticks) => {
  const found = logTicks(min, max);
  expect(found).toHaveLength(ticks.length);
  found.forEach((tick, index) => {
    expect(tick).toBeCloseTo(ticks[index] ?? 0, 10);
  });
});

test("every range has some numbers within it, in increasing order, and not too many", () => {
  const ends = fc.tuple(
    fc.double({ min: -6, max: 2, noNaN: true }),
    fc.double({ min: 0.001, max: 8, noNaN: true }),
  );
  fc.assert(
    fc.property(ends, ([low, decades]) => {
      const [min, max] = [10 ** low, 10 ** (low + decades)];
      const ticks = logTicks(min, max);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(12);
      expect(ticks).toEqual(ticks.toSorted((a, b) => a - b));
      for (const tick of ticks) expect(tick >= min && tick <= max * (1 + 1e-12)).toBe(true);
    }),
  );
});
