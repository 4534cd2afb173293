import { beforeAll } from "vitest";
import { openNodeGpu } from "../../src/dawn/node-gpu.ts";
import type { Gpu } from "../../src/gpu/gpu.ts";

/** Kept outside the module, which Vitest may load again for every file of a fork. */
const kept = globalThis as { unsnowTestGpu?: Promise<Gpu> };

/**
 * The device of this process: opened once, with the kernels that any test compiled. No test destroys or loses it: one that does
 * opens a device of its own.
 */
export function sharedGpu(): Promise<Gpu> {
  kept.unsnowTestGpu ??= openNodeGpu().then(({ gpu }) => gpu);
  return kept.unsnowTestGpu;
}

/** The shared device for the tests of a file, opened before them. */
export function useGpu(): () => Gpu {
  let gpu: Gpu | undefined;
  beforeAll(async () => {
    gpu = await sharedGpu();
  });
  return () => {
    if (!gpu) throw new Error("The device is open only while tests run.");
    return gpu;
  };
}
