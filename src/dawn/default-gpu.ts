import type { Gpu } from "../gpu/gpu.ts";
import { openNodeGpu } from "./node-gpu.ts";

/** `#default-gpu` in Node: through Dawn, as openNodeGpu opens it. */
export async function openDefaultGpu(): Promise<Gpu> {
  return (await openNodeGpu()).gpu;
}
