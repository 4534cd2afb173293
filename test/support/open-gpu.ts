import { afterAll, beforeAll } from "vitest";
import { openNodeGpu } from "../../src/dawn/node-gpu.ts";
import type { Gpu } from "../../src/gpu/gpu.ts";

/** A device for the tests of a file, opened before them and closed after them. */
export function useGpu(): () => Gpu {
  let gpu: Gpu | undefined;
  beforeAll(async () => {
    gpu = (await openNodeGpu()).gpu;
  });
  afterAll(() => gpu?.destroy());
  return () => {
    if (!gpu) throw new Error("The device is open only while tests run.");
    return gpu;
  };
}
