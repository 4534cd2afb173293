import code from "../../shaders/non_local_means.wgsl";
import { defineKernel } from "../gpu/kernel.ts";
import { planeFilterBindings, planeFilterWorkgroup } from "./plane-filter.ts";

/** Non-local means. */
export const nonLocalMeans = defineKernel({
  name: "non_local_means",
  code,
  workgroup: planeFilterWorkgroup,
  bindings: planeFilterBindings,
});
