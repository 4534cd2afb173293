import { expect, test } from "vitest";
import {
  between,
  busiestUnits,
  codeOf,
  firstUnlike,
  nextLike,
  pathCodes,
  withValues,
} from "../../../src/lab/inside/codes.ts";

const codes = Float32Array.of(0, 4, 2, 8, 0, 2);
const [from, to] = [codeOf(codes, 3, 0), codeOf(codes, 3, 1)];

test("a path is straight and includes both ends", () => {
  expect([...from, ...to]).toEqual([...codes]);
  expect([...between(from, to, 0.25)]).toEqual([2, 3, 2]);
  expect([...pathCodes(from, to, 3)]).toEqual([0, 4, 2, 4, 2, 2, 8, 0, 2]);
});

test("the busiest units have the greatest values at either end, and are ordered by number", () => {
  expect(busiestUnits(from, to, 2)).toEqual([0, 1]);
  expect(busiestUnits(from, to, 8)).toEqual([0, 1, 2]);
  expect(busiestUnits(Float32Array.of(1, 1, 0), Float32Array.of(0, 0, 1), 1)).toEqual([0]);
});

test("values changed by hand replace those of the path", () => {
  expect([...withValues(from, new Map([[1, 9]]))]).toEqual([0, 9, 2]);
  expect([...from]).toEqual([0, 4, 2]);
});

test("images are found by their labels, or in order if there are none", () => {
  const labels = [5, 5, 3, 5];
  expect(firstUnlike(labels, 0, 4)).toBe(2);
  expect(firstUnlike([5, 5], 0, 2)).toBe(1);
  expect(firstUnlike(undefined, 0, 2)).toBe(1);
  expect(firstUnlike(undefined, 0, 1)).toBe(0);
  expect([0, 1, 2, 3].map((place) => nextLike(labels, place, 4))).toEqual([1, 3, 2, 0]);
  expect(nextLike(undefined, 3, 4)).toBe(0);
});
