// Every variant of every kernel in every family and shape: what `npm test` leaves out since it runs the same lines again.
import { expect, test } from "vitest";
import { useGpu } from "../support/open-gpu.ts";
import { kernelCases } from "./cases.ts";
import { runCases } from "./run-cases.ts";

const gpu = useGpu();

test("every kernel follows its float64 twin in all variants", async () => {
  const results = await runCases(gpu(), kernelCases("all"));
  expect(results.filter(([, wrong]) => wrong.length > 0)).toEqual([]);
});
