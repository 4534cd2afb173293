import type { Device } from "../../src/device/device.ts";
import type { KernelCase } from "../kernels/kernel-case.ts";
import { runCases } from "../kernels/run-cases.ts";
import { differencesFromReference } from "../training/follows-reference.ts";
import { shortRuns } from "../training/run-fixture.ts";

/** The results of another engine's WebGPU, or its WebAssembly, for the cases that Node and Chromium also run. */
export interface EngineReport {
  readonly adapter: string;
  readonly subgroups: boolean;
  /** [name, errors] of every kernel case. */
  readonly kernels: readonly (readonly [string, readonly string[]])[];
  /** The difference of the first short run from the float64 run. */
  readonly run: { readonly stepLoss: number; readonly valLoss: number; readonly weight: number };
}

/** Runs the cases and a training on a device, and then closes it. */
export async function engineReport(device: Device, cases: readonly KernelCase[]): Promise<EngineReport> {
  try {
    const kernels = await runCases(device, cases);
    const [first] = shortRuns;
    if (!first) throw new Error("There is no run to follow.");
    const run = await differencesFromReference(device, first.spec, first.data, "tile8");
    return { adapter: device.adapter.name, subgroups: device.subgroups, kernels, run };
  } finally {
    device.destroy();
  }
}
