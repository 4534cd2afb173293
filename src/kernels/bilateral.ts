import code from "../../shaders/bilateral.wgsl";
import { defineKernel } from "../gpu/kernel.ts";
import { planeFilterBindings, planeFilterWorkgroup } from "./plane-filter.ts";

/** The bilateral filter. */
export const bilateral = defineKernel({
  name: "bilateral",
  code,
  workgroup: planeFilterWorkgroup,
  bindings: planeFilterBindings,
});
