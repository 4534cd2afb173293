import { expect, test } from "vitest";
import { allEpochs, epochsBetween, thinned, zoomed } from "../../../src/lab/results/curves.ts";

test("the range of a run starts with ten epochs, or with all if they are fewer, and grows", () => {
  expect(allEpochs(0, 100)).toEqual({ from: 1, to: 10 });
  expect(allEpochs(0, 3)).toEqual({ from: 1, to: 3 });
  expect(allEpochs(37, 100)).toEqual({ from: 1, to: 37 });
});

test("a drag selects all epochs it passed over, in either direction, within the run", () => {
  const all = { from: 1, to: 40 };
  expect(epochsBetween(4.6, 11.4, all)).toEqual({ from: 5, to: 11 });
  expect(epochsBetween(11.4, 4.6, all)).toEqual({ from: 5, to: 11 });
  expect(epochsBetween(-3, 90, all)).toEqual(all);
  expect(epochsBetween(7.6, 8.4, all)).toBeUndefined();
});

test("zooming in halves the range around one epoch, down to two epochs; zooming out ends at all", () => {
  const all = { from: 1, to: 101 };
  expect(zoomed(all, 0.5, 51, all)).toEqual({ from: 26, to: 76 });
  expect(zoomed(all, 0.5, 101, all)).toEqual({ from: 51, to: 101 });
  expect(zoomed(all, 0.5, 1, all)).toEqual({ from: 1, to: 51 });
  expect(zoomed({ from: 8, to: 9 }, 0.5, 9, all)).toEqual({ from: 8, to: 9 });
  expect(zoomed({ from: 8, to: 9 }, 2, 9, all)).toEqual({ from: 7, to: 9 });
  expect(zoomed({ from: 61, to: 101 }, 2, 81, all)).toEqual({ from: 21, to: 101 });
  expect(zoomed({ from: 30, to: 90 }, 2, 60, all)).toBeUndefined();
});

test("after any number of zooms the range is within the run and has at least two epochs", () => {
  const all = { from: 1, to: 23 };
  for (const around of [1, 2, 11.5, 22, 23]) {
    for (const from of [1, 5, 21]) {
      for (const to of [from + 1, Math.min(23, from + 7), 23]) {
        for (const factor of [0.5, 2]) {
          const range = zoomed({ from, to }, factor, around, all) ?? all;
          expect(range.from).toBeGreaterThanOrEqual(1);
          expect(range.to).toBeLessThanOrEqual(23);
          expect(range.to).toBeGreaterThan(range.from);
          expect(Number.isInteger(range.from) && Number.isInteger(range.to)).toBe(true);
        }
      }
    }
  }
});

test("a long table is thinned evenly and keeps its last row", () => {
  const rows = Array.from({ length: 10 }, (_, index) => index);
  expect(thinned(rows, 10)).toEqual(rows);
  expect(thinned(rows, 5)).toEqual([1, 3, 5, 7, 9]);
  expect(thinned(rows, 4)).toEqual([0, 3, 6, 9]);
  expect(thinned([], 4)).toEqual([]);
});
