import code from "../../shaders/cut_windows.wgsl";
import { defineKernel } from "../gpu/kernel.ts";

/** Cuts a batch of windows out of a picture. */
export const cutWindows = defineKernel({
  name: "cut_windows",
  code,
  workgroup: [16, 4],
  bindings: {
    windows: "uniform",
    picture: "read",
    activations: "readWrite",
  },
});
