import code from "../../shaders/batch_metrics.wgsl";
import { defineKernel } from "../gpu/kernel.ts";

/** Ends a validation step. */
export const batchMetrics = defineKernel({
  name: "batch_metrics",
  code,
  workgroup: [16, 1],
  bindings: {
    sweep: "uniform",
    partials: "read",
    cursor: "readWrite",
    metrics: "readWrite",
  },
});
