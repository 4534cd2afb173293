import { expect, test } from "vitest";
import { middleOf, moved, nearestPoint, placeAt, plotOf } from "../../../src/lab/inside/scatter-plot.ts";
import { formatShare, formatValue } from "../../../src/lab/shared/format.ts";

const points = Float32Array.of(0, 0, 10, 0, 10, 5);
const plot = plotOf({ points }, 400, 300);

test("a plot maps positions to pixels and back, with y pointing up", () => {
  const place = placeAt(plot, { x: plot.x.at(3), y: plot.y.at(4) });
  expect(place.x).toBeCloseTo(3, 9);
  expect(place.y).toBeCloseTo(4, 9);
  expect(plot.y.at(5)).toBeLessThan(plot.y.at(0));
  for (const x of [0, 10]) expect(plot.x.at(x)).toBeGreaterThan(0);
});

test("the nearest point is found if it is within the radius", () => {
  const pixel = { x: plot.x.at(10) - 3, y: plot.y.at(5) + 4 };
  expect(nearestPoint(plot, points, pixel, 5.01)).toBe(2);
  expect(nearestPoint(plot, points, pixel, 4.99)).toBeUndefined();
});

test("the cross-hair moves by fractions of the plot and stays inside it", () => {
  const middle = middleOf(plot);
  expect(middle.x).toBeCloseTo(5, 9);
  const right = moved(plot, middle, 0.1, 0);
  expect(right.x - middle.x).toBeCloseTo(1.1, 9);
  expect(right.y).toBe(middle.y);
  expect(moved(plot, middle, 9, -9)).toEqual({ x: plot.x.domain[1], y: plot.y.domain[0] });
});

test("a plot is also made of no points, or of points that are all equal", () => {
  expect(plotOf({ points: Float32Array.of(2, 2) }, 400, 300).x.domain).toEqual([1, 3]);
  expect(plotOf({ points: new Float32Array() }, 400, 300).y.domain).toEqual([-1, 1]);
});

test("values and shares are rounded for display", () => {
  expect([-0.0312, -0.001, 0, 12.34, -250_000].map(formatValue)).toEqual([
    "−0.03",
    "0.00",
    "0.00",
    "12.3",
    "−2.5e+5",
  ]);
  expect([0, 0.001, 0.234, 0.998, 1].map(formatShare)).toEqual(["0 %", "< 1 %", "23 %", "> 99 %", "100 %"]);
});
