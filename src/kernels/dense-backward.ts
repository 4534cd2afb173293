import code from "../../shaders/dense_backward.wgsl";
import { defineKernel } from "../gpu/kernel.ts";

/** A dense layer, backward: the gradient by its input. */
export const denseBackward = defineKernel({
  name: "dense_backward",
  code,
  workgroup: [4, 4],
  bindings: {
    layer: "uniform",
    parameters: "read",
    activations: "read",
    gradients: "readWrite",
  },
});
