import code from "../../shaders/median.wgsl";
import { defineKernel } from "../gpu/kernel.ts";
import { planeFilterBindings, planeFilterWorkgroup } from "./plane-filter.ts";

/** The median filter. */
export const median = defineKernel({
  name: "median",
  code,
  workgroup: planeFilterWorkgroup,
  bindings: planeFilterBindings,
});
