import type { Plane } from "../data/plane.ts";
import type { FilterPlace } from "../filtering/place-of-filters.ts";
import type { FilterName } from "../filters/filter.ts";
import type { Sample, TunedFilter } from "../filters/filter-tasks.ts";
import type { NoiseSpec } from "../spec/noise.ts";
import type { MeanScores } from "./worker/run-reports.ts";

/** What the page and the Worker of the classical filters say to each other. */
export interface FilterService {
  /**
   * Tunes every classical filter for a noise and scores it, one after the other, those first that take the least time; called once.
   * `place` is where the filters run that have kernels; where they are fastest if left out.
   */
  compare(samples: FilterSamples, listener: FilterListener, place?: FilterPlace): Promise<void>;
  /** A grey image after a filter as it was tuned, in [0, 1]; waits until it is. */
  filterImage(filter: FilterName, noisy: Plane): Promise<Plane>;
}

/** Images under a run's noise, and as they are without. */
export interface FilterSamples {
  readonly noise: NoiseSpec;
  /** Training images, or the middles of large ones. */
  readonly tuned: readonly Sample[];
  /** The run's sample of validation images. */
  readonly scored: readonly Sample[];
}

/** Told which filter is worked on, and what it came to. */
export type FilterListener = (event: FilterEvent) => void | Promise<void>;

export type FilterEvent =
  | { readonly kind: "tuning"; readonly filter: FilterName }
  | { readonly kind: "compared"; readonly result: FilterResult };

/** A classical filter as it was tuned, and its scores on the run's sample. */
export interface FilterResult {
  readonly filter: FilterName;
  readonly tuned: TunedFilter;
  readonly scores: MeanScores;
}
