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
  /** The meaning of the strength, with its unit: "standard deviation in pixels". */
  readonly setting: string;
  /**
   * The strengths to try first, above 0 and increasing, for noise with a standard deviation from 0.02 to 1. The best
   * strength is one of them or between two of them.
   */
  readonly strengths: readonly number[];
  /** Whether the strength must be an integer, as for a window's radius. */
  readonly whole: boolean;
  /**
   * Returns a new plane of the same shape. Strength 0 leaves the values unchanged up to rounding. Nothing is clipped
   * to [0, 1].
   */
  apply(plane: Plane, strength: number): Plane;
}
