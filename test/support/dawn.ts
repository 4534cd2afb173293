import { create } from "webgpu";
import { openNodeGpu } from "../../src/dawn/node-gpu.ts";

let instance: GPU | undefined;

/** WebGPU as a program of its own gets it from Dawn; kept for good, since a device must not outlive it. */
export async function dawn(): Promise<GPU> {
  if (!instance) {
    // Finds a software GPU where there is no other.
    const { gpu } = await openNodeGpu();
    gpu.destroy();
    instance = create([]);
  }
  return instance;
}
