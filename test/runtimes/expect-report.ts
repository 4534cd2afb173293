import { expect } from "vitest";
import type { KernelCase } from "../kernels/kernel-case.ts";
import { tolerances } from "../training/tolerances.ts";
import type { EngineReport } from "./engine-cases.ts";

/** Expects that every kernel followed its reference in each case, and that a training followed its reference. */
export function expectAllWell({ adapter, kernels, run }: EngineReport, cases: readonly KernelCase[]): void {
  console.log(`${kernels.length} kernel cases and a training on ${adapter}`);
  expect(kernels.map(([name]) => name)).toEqual(cases.map(({ name }) => name));
  expect(kernels.filter(([, wrong]) => wrong.length > 0)).toEqual([]);
  expect(run.stepLoss).toBeLessThan(tolerances.loss);
  expect(run.valLoss).toBeLessThan(tolerances.loss);
  expect(run.weight).toBeLessThan(tolerances.weight);
}
