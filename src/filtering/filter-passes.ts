import type { Constants, Kernel } from "../device/kernel.ts";
import { bilateralWindow } from "../filters/bilateral.ts";
import type { FilterName } from "../filters/filter.ts";
import { gaussianRadius } from "../filters/gaussian.ts";
import { nonLocalMeansSettings } from "../filters/non-local-means.ts";
import type { PlaneFilter, planeFilterBindings } from "../kernels/filters.ts";
import { bilateral, gaussian, gaussianAxes, median, nonLocalMeans } from "../kernels/filters.ts";

/** A kernel over all planes, and its parameters. */
export interface FilterPass extends Pick<PlaneFilter, "radius" | "falloff" | "setting"> {
  readonly kernel: Kernel<typeof planeFilterBindings>;
  readonly constants?: Constants;
}

/**
 * The filters that use only a window around each pixel, and therefore suit a GPU: the passes for a strength above 0.
 */
export const filterPasses: { readonly [F in FilterName]?: (strength: number) => readonly FilterPass[] } = {
  gaussian: (sigma) => {
    const pass = { kernel: gaussian, radius: gaussianRadius(sigma), falloff: normalFalloff(sigma) };
    const { columns, rows } = gaussianAxes;
    return [
      { ...pass, constants: { AXIS: columns } },
      { ...pass, constants: { AXIS: rows } },
    ];
  },
  median: (radius) => [{ kernel: median, radius }],
  bilateral: (rangeSigma) => {
    const { sigma, radius } = bilateralWindow;
    const [falloff, setting] = [normalFalloff(rangeSigma), normalFalloff(sigma)];
    return [{ kernel: bilateral, radius, falloff, setting }];
  },
  "non-local-means": (strength) => {
    const { distance, h, sigma } = nonLocalMeansSettings(strength);
    return [{ kernel: nonLocalMeans, radius: distance, falloff: -1 / h ** 2, setting: 2 * sigma ** 2 }];
  },
};

/** The coefficient of the square in the exponent of a normal density. */
function normalFalloff(sigma: number): number {
  return -0.5 / sigma ** 2;
}
