// The CPU engine's kernels. Each is the twin of the shader of the same name. A kernel does the jobs first .. end - 1 of a
// launch. A job is the work of one workgroup of the shader, with job number y * across + x. The further arguments are the
// addresses of the buffers, in the order of the kernel's bindings, and the constants. vite/wasm-kernels.ts compiles this
// file.
export { batch_metrics } from "./batch_metrics";
export { bilateral } from "./bilateral";
export { blend_windows } from "./blend_windows";
export { blind_spots } from "./blind_spots";
export { channels_to_pixels } from "./channels_to_pixels";
export { conv_backward } from "./conv_backward";
export { conv_forward } from "./conv_forward";
export { conv_gradient } from "./conv_gradient";
export { conv_loss } from "./conv_loss";
export { corrupt_batch } from "./corrupt_batch";
export { corrupt_patches } from "./corrupt_patches";
export { cut_windows } from "./cut_windows";
export { dense_backward } from "./dense_backward";
export { dense_forward } from "./dense_forward";
export { dense_loss } from "./dense_loss";
export { exchange_batch } from "./exchange_batch";
export { gaussian } from "./gaussian";
export { scratchBytes, useScratch } from "./lib/product";
export { median } from "./median";
export { non_local_means } from "./non_local_means";
export { parameter_update } from "./parameter_update";
export { philox_probe } from "./philox_probe";
export { pixels_to_channels } from "./pixels_to_channels";
export { place_patches } from "./place_patches";
export { shuffle_order } from "./shuffle_order";
export { up_backward } from "./up_backward";
export { up_forward } from "./up_forward";
export { weight_update } from "./weight_update";

/** The first address after the module's own data. */
export function dataEnd(): usize {
  return __heap_base;
}
