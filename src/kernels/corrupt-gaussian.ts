import code from "../../shaders/corrupt_gaussian.wgsl";
import { defineKernel } from "../gpu/kernel.ts";

/** Gathers a batch of clean images and puts Gaussian noise on it. */
export const corruptGaussian = defineKernel({
  name: "corrupt_gaussian",
  code,
  workgroup: [16, 4],
  bindings: {
    sweep: "uniform",
    window: "uniform",
    noise: "uniform",
    order: "read",
    images: "read",
    cursor: "readWrite",
    activations: "readWrite",
    cleanBatch: "readWrite",
  },
});
