import type { Plane } from "../data/plane.ts";

export type FilterName =
  | "gaussian"
  | "median"
  | "bilateral"
  | "non-local-means"
  | "total-variation"
  | "wavelet"
  | "dct";

/** A classical denoising filter of one plane, with one strength to tune. */
export interface ClassicalFilter {
  readonly name: FilterName;
  /** The name in words: "total variation". */
  readonly title: string;
  /** The paper it comes from: "Chambolle 2004". */
  readonly source: string;
  /** What the strength is, with its unit: "standard deviation in pixels". */
  readonly setting: string;
  /**
   * The strengths to try first, above 0 and increasing, for noise of any standard deviation from 0.02 to 1;
   * the best is between two of them or is one of them.
   */
  readonly strengths: readonly number[];
  /** Whether only whole strengths mean anything, as for a window's radius. */
  readonly whole: boolean;
  /** A new plane of the same shape; strength 0 gives the values as they are, up to rounding. Nothing is clipped to [0, 1]. */
  apply(plane: Plane, strength: number): Plane;
}
