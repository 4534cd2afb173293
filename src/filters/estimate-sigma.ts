import type { Plane } from "../data/plane.ts";
import { daubechies2, splitLevel } from "./wavelet-transform.ts";

/** The median size of a standard normal number: the 75 % quantile of the normal distribution. */
const medianOfNormal = 0.6744897501960817;

/**
 * The standard deviation of a plane's Gaussian noise, from the median size of its finest diagonal details
 * (Donoho and Johnstone, "Ideal spatial adaptation by wavelet shrinkage", Biometrika 1994). Details of exactly zero, as
 * in areas without noise, do not count; 0 for a plane with no other.
 */
export function estimateSigma({ rows, columns, values }: Plane): number {
  const { details } = splitLevel({ rows, columns, values: Float64Array.from(values) }, daubechies2);
  const sizes = details[2].values.map(Math.abs).filter((size) => size > 0);
  return median(sizes) / medianOfNormal;
}

/** 0 for no values. */
function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const above = sorted[sorted.length >> 1] ?? 0;
  const below = sorted[(sorted.length - 1) >> 1] ?? 0;
  return (below + above) / 2;
}
