import code from "../../shaders/place_patches.wgsl";
import { defineKernel } from "../gpu/kernel.ts";

/** Where an epoch's patches lie. */
export const placePatches = defineKernel({
  name: "place_patches",
  code,
  workgroup: [64, 1],
  bindings: {
    draw: "uniform",
    pictures: "read",
    places: "readWrite",
  },
});
