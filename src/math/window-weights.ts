import { coverage, type WindowGrid } from "./window-grid.ts";

/**
 * The weight of a value where windows overlap, by its position in its window.
 *
 * gaussian  lower near the window's edge, where a network gets fewer of the surroundings (Burger, Schuler and Harmeling
 *           2012, "Image denoising: Can plain neural networks compete with BM3D?")
 * uniform   the same everywhere
 */
export type Weighting = "gaussian" | "uniform";

/**
 * Weights [side] along one direction of a window. The weight of a position is the product of its two. All are
 * above 0.
 */
function windowWeights(weighting: Weighting, side: number): Float32Array<ArrayBuffer> {
  const sigma = side / 4;
  return Float32Array.from({ length: side }, (_, index) =>
    weighting === "uniform" ? 1 : Math.exp(-0.5 * ((index - (side - 1) / 2) / sigma) ** 2),
  );
}

/** The weight of a value by its position in a window: its row's weight times its column's. */
export interface WindowWeights {
  /** [down.window] */
  readonly rows: Float32Array<ArrayBuffer>;
  /** [across.window] */
  readonly columns: Float32Array<ArrayBuffer>;
}

/** The weights of a grid's windows for this many channels per pixel. */
export function gridWeights(
  weighting: Weighting,
  { down, across }: WindowGrid,
  channels: number,
): WindowWeights {
  const columns = windowWeights(weighting, across.window / channels);
  return {
    rows: windowWeights(weighting, down.window),
    columns: Float32Array.from(
      { length: across.window },
      (_, value) => columns[Math.floor(value / channels)] ?? Number.NaN,
    ),
  };
}

/** Computes weighted means from weighted sums over windows. */
export class WeightedMeans {
  /** At each place, the sum of the weights of the windows that cover it: [down.length] and [across.length]. */
  readonly #rows: Float64Array;
  readonly #columns: Float64Array;
  readonly #planes: number;

  constructor(grid: WindowGrid, weights: WindowWeights) {
    this.#rows = coverage(grid.down, weights.rows);
    this.#columns = coverage(grid.across, weights.columns);
    this.#planes = grid.planes;
  }

  /** Divides the sums of whole rows of the picture, from row `top` on, by the sums of their weights, in place. */
  divide<S extends Float32Array | Float64Array>(sums: S, top: number): S {
    const width = this.#columns.length * this.#planes;
    for (let index = 0; index < sums.length; index++) {
      const row = this.#rows[top + Math.floor(index / width)] ?? 0;
      const column = this.#columns[Math.floor((index % width) / this.#planes)] ?? 0;
      sums[index] = (sums[index] ?? 0) / (row * column);
    }
    return sums;
  }
}
