import { expect, test } from "vitest";
import { kernelTimePerStep } from "../../../src/lab/results/state.ts";

test("the time per step is that of all kernels, divided by the launches that begin a step", () => {
  const kernels = [
    { kernel: "dense_forward", launches: 20, milliseconds: 30 },
    { kernel: "weight_update", launches: 8, milliseconds: 5 },
    { kernel: "corrupt_batch", launches: 10, milliseconds: 1 },
  ];
  expect(kernelTimePerStep(kernels)).toBeCloseTo(3.6, 12);
  expect(kernelTimePerStep([])).toBeUndefined();
});
