// Every variant of every kernel in every family and shape. `npm test` omits most of them, because they run the same lines.
import { expect, test } from "vitest";
import { useCpu } from "../support/open-cpu.ts";
import { useGpu } from "../support/open-gpu.ts";
import { casesOfCpu, casesOfGpu, kernelCases } from "./cases.ts";
import { runCases } from "./run-cases.ts";

const [cpu, gpu] = [useCpu(), useGpu()];
const cases = kernelCases("all");

test("every kernel follows its float64 reference in all variants on the GPU", async () => {
  const results = await runCases(gpu(), casesOfGpu(gpu(), cases));
  expect(results.filter(([, wrong]) => wrong.length > 0)).toEqual([]);
});

test("every kernel follows its float64 reference in all variants on the CPU", async () => {
  const results = await runCases(cpu(), casesOfCpu(cases));
  expect(results.filter(([, wrong]) => wrong.length > 0)).toEqual([]);
});
