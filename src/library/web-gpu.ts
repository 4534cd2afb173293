import { Gpu } from "../gpu/gpu.ts";

/**
 * `#default-gpu` everywhere but in Node, where package.json puts src/dawn/default-gpu.ts in its place: the GPU of a page, a
 * Worker, or another runtime with `navigator.gpu`. Throws a DeviceError that says why where there is none.
 */
export function openDefaultGpu(): Promise<Gpu> {
  return Gpu.open(globalThis.navigator?.gpu);
}
