import type { Plane } from "../data/plane.ts";

export type FilterName =
  | "gaussian"
  | "median"
  | "bilateral"
  | "non-local-means"
  | "total-variation"
  | "wavelet"
  | "dct"
  | "bm3d";

/** What is said about a classical filter. */
interface FilterWords {
  /** The name in words: "total variation". */
  readonly title: string;
  /** The paper it comes from: "Chambolle 2004". */
  readonly source: string;
  /** The meaning of the strength, with its unit: "standard deviation in pixels". */
  readonly setting: string;
}

/** Every classical filter in words, without its code. */
export const filterWords: Readonly<Record<FilterName, FilterWords>> = {
  gaussian: { title: "Gaussian", source: "Marr and Hildreth 1980", setting: "standard deviation in pixels" },
  median: { title: "median", source: "Tukey 1977", setting: "radius of the square window in pixels" },
  bilateral: {
    title: "bilateral",
    source: "Tomasi and Manduchi 1998",
    setting: "standard deviation of the range weights in grey values",
  },
  "total-variation": {
    title: "total variation",
    source: "Chambolle 2004",
    setting: "weight of the total variation",
  },
  wavelet: {
    title: "wavelet",
    source: "Chang, Yu and Vetterli 2000",
    setting: "standard deviation of the noise",
  },
  dct: {
    title: "sliding-window DCT",
    source: "Yu and Sapiro 2011",
    setting: "standard deviation of the noise",
  },
  "non-local-means": {
    title: "non-local means",
    source: "Buades, Coll and Morel 2005",
    setting: "standard deviation of the noise",
  },
  bm3d: {
    title: "BM3D",
    source: "Dabov, Foi, Katkovnik and Egiazarian 2007",
    setting: "standard deviation of the noise",
  },
};

/** All classical filters, the fastest first. */
export const fastestFirst: readonly FilterName[] = [
  "gaussian",
  "total-variation",
  "median",
  "dct",
  "bilateral",
  "wavelet",
  "non-local-means",
  "bm3d",
];

/** A classical denoising filter of one plane, with one strength to tune. */
export interface ClassicalFilter {
  readonly name: FilterName;
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
