import code from "../../shaders/dense_loss.wgsl";
import { defineKernel } from "../gpu/kernel.ts";

/** The last dense layer with the loss and its gradient. */
export const denseLoss = defineKernel({
  name: "dense_loss",
  code,
  workgroup: [4, 4],
  bindings: {
    layer: "uniform",
    sweep: "uniform",
    parameters: "read",
    activations: "read",
    cleanBatch: "read",
    cursor: "readWrite",
    gradients: "readWrite",
    partials: "readWrite",
  },
});
