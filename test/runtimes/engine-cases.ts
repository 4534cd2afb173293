import { Gpu } from "../../src/gpu/gpu.ts";
import { kernelCases } from "../kernels/cases.ts";
import { runCases } from "../kernels/run-cases.ts";
import { differencesFromReference } from "../training/follows-reference.ts";
import { shortRuns } from "../training/run-fixture.ts";

/** What another engine's WebGPU comes to, on the tables that Node and Chromium run too. */
export interface EngineReport {
  readonly adapter: string;
  /** [name, what is wrong] of every kernel case. */
  readonly kernels: readonly (readonly [string, readonly string[]])[];
  /** How far the first short run strays from the float64 run. */
  readonly run: { readonly stepLoss: number; readonly valLoss: number; readonly weight: number };
}

export async function engineReport(entry: GPU | undefined): Promise<EngineReport> {
  const gpu = await Gpu.open(entry);
  try {
    const kernels = await runCases(gpu, kernelCases());
    const [first] = shortRuns;
    if (!first) throw new Error("There is no run to follow.");
    const run = await differencesFromReference(gpu, first.spec, first.data, "tile8");
    return { adapter: gpu.adapter.name, kernels, run };
  } finally {
    gpu.destroy();
  }
}
