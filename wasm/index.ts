// The CPU engine's kernels: each the twin of the shader of its name. A kernel does the jobs first .. end - 1 of a launch; a job is
// what a workgroup of the shader does, job number y * across + x. Then follow the addresses of its buffers, in the order of the
// kernel's bindings, and its constants. vite/wasm-kernels.ts compiles this file.
export { dense_backward } from "./dense_backward";
export { dense_forward } from "./dense_forward";
export { dense_loss } from "./dense_loss";
export { scratchBytes, useScratch } from "./lib/product";
export { shuffle_order } from "./shuffle_order";
export { weight_update } from "./weight_update";

/** The first address behind the module's own data. */
export function dataEnd(): usize {
  return __heap_base;
}
