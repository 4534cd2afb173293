import type { Plane } from "../../data/plane.ts";
import type { FilterPlace } from "../../filtering/place-of-filters.ts";
import type { FilterName } from "../../filters/filter.ts";
import type { Sample, TunedFilter } from "../../filters/filter-tasks.ts";
import type { NoiseSpec } from "../../spec/noise.ts";
import type { MeanScores } from "../runs/run-record.ts";

/** The messages between the page and the Worker of the classical filters. */
export interface FilterService {
  /**
   * Tunes every classical filter for a noise and scores it, one after the other, the fastest first;
   * called once. `place` is where filters with kernels run. Default: where they are fastest.
   */
  compare(samples: FilterSamples, listener: FilterListener, place?: FilterPlace): Promise<void>;
  /** Applies a tuned filter to a grey image; the result is in [0, 1]. Waits until the filter is tuned. */
  filterImage(filter: FilterName, noisy: Plane): Promise<Plane>;
}

/** Images with and without a run's noise. */
export interface FilterSamples {
  readonly noise: NoiseSpec;
  /** Training images, or the middle parts of large ones. */
  readonly tuned: readonly Sample[];
  /** The run's sample of validation images. */
  readonly scored: readonly Sample[];
}

/** Receives the filter that is being tuned, and its result. */
export type FilterListener = (event: FilterEvent) => void | Promise<void>;

export type FilterEvent =
  | { readonly kind: "tuning"; readonly filter: FilterName }
  | { readonly kind: "compared"; readonly result: FilterResult };

/** A tuned classical filter, and its scores on the run's sample. */
export interface FilterResult {
  readonly filter: FilterName;
  readonly tuned: TunedFilter;
  readonly scores: MeanScores;
}

/** A run's scores on its sample. */
export interface SampleScores {
  /** The number of epochs done. */
  readonly epoch: number;
  readonly denoised: MeanScores;
  /** Does not change between epochs. */
  readonly noisy: MeanScores;
}
