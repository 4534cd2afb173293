import code from "../../shaders/blend_windows.wgsl";
import { defineKernel } from "../gpu/kernel.ts";

/** Adds a batch of denoised windows to the picture that they make. */
export const blendWindows = defineKernel({
  name: "blend_windows",
  code,
  workgroup: [64, 1],
  bindings: {
    windows: "uniform",
    weights: "read",
    activations: "read",
    sums: "readWrite",
  },
});
