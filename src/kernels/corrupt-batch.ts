import code from "../../shaders/corrupt_batch.wgsl";
import { defineKernel } from "../gpu/kernel.ts";

/** Gathers a batch of images and puts noise on them. */
export const corruptBatch = defineKernel({
  name: "corrupt_batch",
  code,
  workgroup: [16, 4],
  bindings: {
    sweep: "uniform",
    window: "uniform",
    noise: "uniform",
    order: "read",
    noisy: "read",
    clean: "read",
    cursor: "readWrite",
    activations: "readWrite",
    cleanBatch: "readWrite",
  },
});
