import type { Gpu } from "../gpu/gpu.ts";
import { openNodeGpu } from "./node-gpu.ts";

/** `#default-gpu` in Node: opens Dawn with openNodeGpu. */
export async function openDefaultGpu(): Promise<Gpu> {
  return (await openNodeGpu()).gpu;
}
