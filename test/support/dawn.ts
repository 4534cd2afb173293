import { create } from "webgpu";
import { openNodeGpu } from "../../src/dawn/node-gpu.ts";

let instance: GPU | undefined;

/** WebGPU as a separate program gets it from Dawn. It is never freed, because a device must not outlive it. */
export async function dawn(): Promise<GPU> {
  if (!instance) {
    // Finds a software GPU if there is no other.
    const { gpu } = await openNodeGpu();
    gpu.destroy();
    instance = create([]);
  }
  return instance;
}
