import { bilateral } from "./bilateral.ts";
import { bm3d } from "./bm3d.ts";
import { dct } from "./dct.ts";
import type { ClassicalFilter, FilterName } from "./filter.ts";
import { gaussian } from "./gaussian.ts";
import { median } from "./median.ts";
import { nonLocalMeans } from "./non-local-means.ts";
import { totalVariation } from "./total-variation.ts";
import { wavelet } from "./wavelet.ts";

/** Every classical filter by its name. */
export const filters: Readonly<Record<FilterName, ClassicalFilter>> = {
  gaussian,
  median,
  bilateral,
  "total-variation": totalVariation,
  wavelet,
  dct,
  "non-local-means": nonLocalMeans,
  bm3d,
};
