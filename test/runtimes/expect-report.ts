import { expect } from "vitest";
import { tolerances } from "../training/tolerances.ts";
import type { EngineReport } from "./engine-cases.ts";

/** That every kernel followed its twin, and a training the reference. */
export function expectAllWell({ adapter, kernels, run }: EngineReport): void {
  console.log(`${kernels.length} kernel cases and a training on ${adapter}`);
  expect(kernels.length).toBeGreaterThan(400);
  expect(kernels.filter(([, wrong]) => wrong.length > 0)).toEqual([]);
  expect(run.stepLoss).toBeLessThan(tolerances.loss);
  expect(run.valLoss).toBeLessThan(tolerances.loss);
  expect(run.weight).toBeLessThan(tolerances.weight);
}
