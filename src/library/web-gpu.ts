import { Gpu } from "../gpu/gpu.ts";

/**
 * `#default-gpu` outside Node: the GPU of a page, a Worker, or another runtime with `navigator.gpu`. In Node,
 * package.json maps it to src/dawn/default-gpu.ts. Throws a DeviceError with the reason if there is none.
 */
export function openDefaultGpu(): Promise<Gpu> {
  return Gpu.open(globalThis.navigator?.gpu);
}
