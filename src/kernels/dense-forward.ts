import code from "../../shaders/dense_forward.wgsl";
import { defineKernel } from "../gpu/kernel.ts";

/** A dense layer, forward. */
export const denseForward = defineKernel({
  name: "dense_forward",
  code,
  workgroup: [4, 4],
  bindings: {
    layer: "uniform",
    parameters: "read",
    activations: "readWrite",
  },
});
