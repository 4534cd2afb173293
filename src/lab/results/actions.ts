import { batch, effect } from "@preact/signals";
import { proxy, type Remote, wrap } from "comlink";
import type { Plane } from "../../data/plane.ts";
import { type FilterPlace, filterPlaces } from "../../filtering/place-of-filters.ts";
import type { FilterName } from "../../filters/filter.ts";
import { InputError } from "../../spec/input-error.ts";
import type { FilterEvent, FilterService } from "../protocol.ts";
import { wantedBackend } from "../run/options.ts";
import { runImages, runSpec } from "../run/state.ts";
import { ask, sentenceOf, startFilterWorker } from "../run/worker-link.ts";
import { Delay } from "../shared/scheduling.ts";
import { epochsBetween, zoomed } from "./curves.ts";
import { everyEpoch, type LossScale, resultsState, type ScoreName, shownEpochs } from "./state.ts";

/** Milliseconds for which a run's noise and images must stay the same before filters are tuned for them. */
const settling = 500;

/** Shows `factor` times as many epochs, around one of them or, by default, around the middle. */
export function zoomBy(factor: number, around?: number): void {
  const { value: range } = shownEpochs;
  const middle = (range.from + range.to) / 2;
  resultsState.zoom.value = zoomed(range, factor, around ?? middle, everyEpoch.value);
}

/** Shows the epochs between two positions on the axis; nothing changes if they are too close. */
export function zoomTo(a: number, b: number): void {
  resultsState.zoom.value = epochsBetween(a, b, everyEpoch.value) ?? resultsState.zoom.value;
}

export function chooseLossScale(scale: LossScale): void {
  resultsState.lossScale.value = scale;
}

export function chooseScore(score: ScoreName): void {
  resultsState.score.value = score;
}

/** A Worker with the filters for one noise and its images. */
interface Comparison {
  readonly worker: Worker;
  readonly service: Remote<FilterService>;
  /** Aborted when the noise or the images are replaced. */
  readonly cancellation: AbortController;
}

/** Tunes and scores the classical filters for the page's run. */
class FilterComparison {
  #current: Comparison | undefined;
  /** The images, noise and seed for which the filters are tuned, as text. */
  #key: string | undefined;
  readonly #settling = new Delay(settling);

  /** Starts the comparison again if the run has other images, another noise or another seed. */
  follow(): void {
    const { value: spec } = runSpec;
    const { value: images } = runImages;
    const run = spec && images && { id: images.id, noise: spec.noise, seed: spec.seed };
    const key = run && JSON.stringify(run);
    if (key === this.#key) return;
    this.#key = key;
    this.#cancel();
    if (run) this.#settling.start(() => void this.#compare(run.id));
  }

  async filterImage(filter: FilterName, noisy: Plane): Promise<Plane | undefined> {
    const current = this.#current;
    if (!current) return undefined;
    const { signal } = current.cancellation;
    const cancelled = new Promise<undefined>((resolve) => {
      signal.addEventListener("abort", () => resolve(undefined), { once: true });
    });
    return Promise.race([current.service.filterImage(filter, noisy), cancelled]);
  }

  #cancel(): void {
    this.#settling.cancel();
    this.#current?.cancellation.abort();
    this.#current?.worker.terminate();
    this.#current = undefined;
    batch(() => {
      resultsState.filters.value = [];
      resultsState.tuning.value = undefined;
      resultsState.fault.value = undefined;
    });
  }

  async #compare(images: number): Promise<void> {
    const begun = this.#start();
    this.#current = begun;
    const isCurrent = () => this.#current === begun;
    try {
      const samples = await ask((connected) => connected.readFilterSamples(images), showFault);
      if (samples && isCurrent()) {
        await begun.service.compare(
          samples,
          proxy((event) => {
            if (isCurrent()) listen(event);
          }),
          wantedFilterPlace(new URLSearchParams(location.search)),
        );
      }
    } catch (error) {
      if (isCurrent()) showFault(error);
    }
    if (isCurrent()) resultsState.tuning.value = undefined;
  }

  #start(): Comparison {
    const cancellation = new AbortController();
    const worker = startFilterWorker();
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      cancellation.abort();
      if (this.#current?.worker !== worker) return;
      showFault(
        new InputError(
          "The part of the page that runs the classical filters could not be loaded or has stopped.",
        ),
      );
    });
    return { worker, service: wrap<FilterService>(worker), cancellation };
  }
}

const comparison = new FilterComparison();

/** From now on tunes and scores the classical filters for every run; not again if only the network changes. */
export function compareFiltersWithRuns(): void {
  effect(() => comparison.follow());
}

/**
 * Applies a classical filter that is tuned for the run's noise to a grey image; the result is in [0, 1]. Waits until the filter
 * is tuned. Undefined if the run was replaced, or if there is none.
 */
export function filterImage(filter: FilterName, noisy: Plane): Promise<Plane | undefined> {
  return comparison.filterImage(filter, noisy);
}

/** Where the address requests that filters run: `?filters=` names it, and `?backend=cpu` applies to filters too. */
function wantedFilterPlace(address: URLSearchParams): FilterPlace | undefined {
  if (wantedBackend(address) === "cpu") return "cpu";
  return filterPlaces.find((place) => place === address.get("filters"));
}

function listen(event: FilterEvent): void {
  if (event.kind === "tuning") resultsState.tuning.value = event.filter;
  else resultsState.filters.value = [...resultsState.filters.value, event.result];
}

function showFault(error: unknown): void {
  batch(() => {
    resultsState.tuning.value = undefined;
    resultsState.fault.value = sentenceOf(error);
  });
}
