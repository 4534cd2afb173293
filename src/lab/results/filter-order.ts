import type { FilterName } from "../../filters/filter.ts";

/** Every classical filter, those first that take the least time. */
export const fastestFirst: readonly FilterName[] = [
  "gaussian",
  "total-variation",
  "median",
  "dct",
  "bilateral",
  "wavelet",
  "non-local-means",
];
