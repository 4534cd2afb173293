import { expect, test } from "vitest";
import { spreadLabels } from "../../../src/lab/results/curves.ts";

test("labels are placed at their lines if there is enough space", () => {
  expect(spreadLabels([20, 40, 90], 12, 5, 100)).toEqual([20, 40, 90]);
  expect(spreadLabels([], 12, 5, 100)).toEqual([]);
});

test("labels of lines that are close together are spread, in the order of the lines", () => {
  expect(spreadLabels([20, 21, 22, 80], 12, 5, 100)).toEqual([20, 32, 44, 80]);
});

test("labels stay between top and bottom", () => {
  expect(spreadLabels([1, 2], 12, 5, 100)).toEqual([5, 17]);
  expect(spreadLabels([97, 98, 99], 12, 5, 100)).toEqual([76, 88, 100]);
});
