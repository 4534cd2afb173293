import code from "../../shaders/gaussian.wgsl";
import { defineKernel } from "../gpu/kernel.ts";
import { planeFilterBindings, planeFilterWorkgroup } from "./plane-filter.ts";

/** Gaussian smoothing along one axis. */
export const gaussian = defineKernel({
  name: "gaussian",
  code,
  workgroup: planeFilterWorkgroup,
  bindings: planeFilterBindings,
});

/** `AXIS` in shaders/gaussian.wgsl. */
export const gaussianAxes = { columns: 0, rows: 1 } as const;
