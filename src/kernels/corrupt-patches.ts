import code from "../../shaders/corrupt_patches.wgsl";
import { defineKernel } from "../gpu/kernel.ts";

/** Cuts a batch of patches out of pictures and puts noise on them. */
export const corruptPatches = defineKernel({
  name: "corrupt_patches",
  code,
  workgroup: [16, 4],
  bindings: {
    sweep: "uniform",
    noise: "uniform",
    order: "read",
    places: "read",
    pictures: "read",
    noisy: "read",
    clean: "read",
    cursor: "readWrite",
    activations: "readWrite",
    cleanBatch: "readWrite",
  },
});
