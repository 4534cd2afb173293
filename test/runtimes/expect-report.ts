import { expect } from "vitest";
import { casesOfGpu, kernelCases } from "../kernels/cases.ts";
import type { KernelCase } from "../kernels/kernel-case.ts";
import { tolerances } from "../training/tolerances.ts";
import type { EngineReport } from "./engine-cases.ts";

/** The cases that the GPU of a report ran: all, or all without subgroups. */
export function casesOfReport(report: EngineReport): KernelCase[] {
  const cases = kernelCases();
  const own = casesOfGpu(report, cases);
  if (own.length < cases.length) {
    console.log(`${cases.length - own.length} kernel cases were omitted: ${report.adapter} has no subgroups`);
  }
  return own;
}

/** Expects that every kernel followed its reference in each case, and that a training followed its reference. */
export function expectAllWell({ adapter, kernels, run }: EngineReport, cases: readonly KernelCase[]): void {
  console.log(`${kernels.length} kernel cases and a training on ${adapter}`);
  expect(kernels.map(([name]) => name)).toEqual(cases.map(({ name }) => name));
  expect(kernels.filter(([, wrong]) => wrong.length > 0)).toEqual([]);
  expect(run.stepLoss).toBeLessThan(tolerances.loss);
  expect(run.valLoss).toBeLessThan(tolerances.loss);
  expect(run.weight).toBeLessThan(tolerances.weight);
}
