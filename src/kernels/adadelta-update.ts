import code from "../../shaders/adadelta_update.wgsl";
import { defineKernel } from "../gpu/kernel.ts";

/** Ends a training step: every weight's gradient and Adadelta's update of it. */
export const adadeltaUpdate = defineKernel({
  name: "adadelta_update",
  code,
  workgroup: [64, 1],
  bindings: {
    layers: "uniform",
    sweep: "uniform",
    adadelta: "uniform",
    activations: "read",
    gradients: "read",
    partials: "read",
    parameters: "readWrite",
    squaredGradients: "readWrite",
    squaredUpdates: "readWrite",
    metrics: "readWrite",
    cursor: "readWrite",
  },
});
