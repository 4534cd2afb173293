import code from "../../shaders/shuffle_order.wgsl";
import { defineKernel } from "../gpu/kernel.ts";

/** The order in which an epoch visits its images. */
export const shuffleOrder = defineKernel({
  name: "shuffle_order",
  code,
  workgroup: [64, 1],
  bindings: {
    shuffle: "uniform",
    order: "readWrite",
  },
});
