import bilateralCode from "../../shaders/bilateral.wgsl";
import gaussianCode from "../../shaders/gaussian.wgsl";
import medianCode from "../../shaders/median.wgsl";
import nonLocalMeansCode from "../../shaders/non_local_means.wgsl";
import { defineKernel } from "../device/kernel.ts";

/** The bindings of every classical filter: shaders/lib/plane_filter.wgsl. */
export const planeFilterBindings = { planes: "uniform", noisy: "read", denoised: "readWrite" } as const;

/** The workgroup of these filters, with one invocation per pixel. */
const planeFilterWorkgroup = [8, 8] as const;

/** The parameters of a classical filter on planes of the same shape, as in `struct Planes`. */
export interface PlaneFilter {
  readonly rows: number;
  readonly columns: number;
  /** The rows of all planes that a dispatch filters: from `first` up to, not including, `end`. */
  readonly first: number;
  readonly end: number;
  /** The window's radius in pixels. */
  readonly radius: number;
  readonly falloff?: number;
  readonly setting?: number;
}

/** `struct Planes`; the last word is padding. */
export function planeFilterUniform(filter: PlaneFilter): Uint32Array<ArrayBuffer> {
  const { rows, columns, first, end, radius, falloff = 0, setting = 0 } = filter;
  const words = new Uint32Array(8);
  words.set([rows, columns, first, end, radius]);
  new Float32Array(words.buffer).set([falloff, setting], 5);
  return words;
}

/** The bilateral filter. */
export const bilateral = /* @__PURE__ */ defineKernel({
  name: "bilateral",
  code: bilateralCode,
  workgroup: planeFilterWorkgroup,
  bindings: planeFilterBindings,
});

/** Gaussian smoothing along one axis. */
export const gaussian = /* @__PURE__ */ defineKernel({
  name: "gaussian",
  code: gaussianCode,
  workgroup: planeFilterWorkgroup,
  bindings: planeFilterBindings,
  constants: { AXIS: 0 },
});

/** `AXIS` in shaders/gaussian.wgsl. */
export const gaussianAxes = { columns: 0, rows: 1 } as const;

/** The median filter. */
export const median = /* @__PURE__ */ defineKernel({
  name: "median",
  code: medianCode,
  workgroup: planeFilterWorkgroup,
  bindings: planeFilterBindings,
});

/** Non-local means. */
export const nonLocalMeans = /* @__PURE__ */ defineKernel({
  name: "non_local_means",
  code: nonLocalMeansCode,
  workgroup: planeFilterWorkgroup,
  bindings: planeFilterBindings,
});
