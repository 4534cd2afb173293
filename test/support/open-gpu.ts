import { afterAll, beforeAll } from "vitest";
import { openNodeGpu } from "../../src/dawn/node-gpu.ts";
import type { Gpu } from "../../src/gpu/gpu.ts";

/** Stored outside the module, which Vitest may load again for every file of a fork. */
const kept = globalThis as { unsnowTestGpu?: Promise<Gpu> };

/**
 * The device of this process. It is opened once and keeps the kernels compiled by any test. A test must not destroy
 * or lose it, but opens its own device for that.
 */
export async function sharedGpu(): Promise<Gpu> {
  const gpu = await kept.unsnowTestGpu;
  if (gpu && isSound(gpu)) return gpu;
  kept.unsnowTestGpu = openNodeGpu().then((opened) => opened.gpu);
  return kept.unsnowTestGpu;
}

/** A failed test may have left the device with an error, which must not make tests of other files fail. */
function isSound(gpu: Gpu): boolean {
  try {
    gpu.assertAlive();
    return true;
  } catch {
    return false;
  }
}

/** The shared device for the tests of a file, opened before they run. */
export function useGpu(): () => Gpu {
  let gpu: Gpu | undefined;
  beforeAll(async () => {
    gpu = await sharedGpu();
  });
  // Fails if a command was refused and no test noticed.
  afterAll(() => gpu?.assertAlive());
  return () => {
    if (!gpu) throw new Error("The device is open only while tests run.");
    return gpu;
  };
}
