import { afterAll, beforeAll } from "vitest";
import { openNodeGpu } from "../../src/dawn/node-gpu.ts";
import type { Gpu } from "../../src/gpu/gpu.ts";

/** Kept outside the module, which Vitest may load again for every file of a fork. */
const kept = globalThis as { unsnowTestGpu?: Promise<Gpu> };

/**
 * The device of this process: opened once, with the kernels that any test compiled. No test destroys or loses it: one that does
 * opens a device of its own.
 */
export async function sharedGpu(): Promise<Gpu> {
  const gpu = await kept.unsnowTestGpu;
  if (gpu && isSound(gpu)) return gpu;
  kept.unsnowTestGpu = openNodeGpu().then((opened) => opened.gpu);
  return kept.unsnowTestGpu;
}

/** A test that failed may have left the device with an error, with which those of other files are not to fail. */
function isSound(gpu: Gpu): boolean {
  try {
    gpu.assertAlive();
    return true;
  } catch {
    return false;
  }
}

/** The shared device for the tests of a file, opened before them. */
export function useGpu(): () => Gpu {
  let gpu: Gpu | undefined;
  beforeAll(async () => {
    gpu = await sharedGpu();
  });
  // Fails where a command was refused and nobody asked.
  afterAll(() => gpu?.assertAlive());
  return () => {
    if (!gpu) throw new Error("The device is open only while tests run.");
    return gpu;
  };
}
