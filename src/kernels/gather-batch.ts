import code from "../../shaders/gather_batch.wgsl";
import { defineKernel } from "../gpu/kernel.ts";

/** Gathers a batch of measured pairs. */
export const gatherBatch = defineKernel({
  name: "gather_batch",
  code,
  workgroup: [16, 4],
  bindings: {
    sweep: "uniform",
    window: "uniform",
    order: "read",
    noisy: "read",
    clean: "read",
    cursor: "readWrite",
    activations: "readWrite",
    cleanBatch: "readWrite",
  },
});
