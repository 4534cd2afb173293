import { batch, effect } from "@preact/signals";
import { proxy, type Remote, wrap } from "comlink";
import type { Plane } from "../../data/plane.ts";
import { type FilterPlace, filterPlaces } from "../../filtering/place-of-filters.ts";
import type { FilterName } from "../../filters/filter.ts";
import { InputError } from "../../spec/input-error.ts";
import type { FilterEvent, FilterService } from "../protocol.ts";
import { sentenceOf } from "../run/failures.ts";
import { wantedBackend } from "../run/options.ts";
import { ask } from "../run/worker-link.ts";
import { store } from "../store.ts";

/** Milliseconds for which a run's noise and images stay the same before filters are tuned for them. */
const settling = 500;

const { results } = store;

/** A Worker with the filters of one noise and its images. */
interface Comparison {
  readonly worker: Worker;
  readonly service: Remote<FilterService>;
  /** Aborted when another noise or other images take its place. */
  readonly cancellation: AbortController;
}

let comparison: Comparison | undefined;
let comparedWith: string | undefined;
let waiting: ReturnType<typeof setTimeout> | undefined;

/** From now on tunes and scores the classical filters for every run; not again where only the network is another. */
export function compareFiltersWithRuns(): void {
  effect(() => {
    const { value: spec } = store.runSpec;
    const { value: images } = store.images;
    const run = spec && images && { id: images.id, noise: spec.noise, seed: spec.seed };
    const key = run && JSON.stringify(run);
    if (key === comparedWith) return;
    comparedWith = key;
    cancel();
    if (run) waiting = setTimeout(() => void compare(run.id), settling);
  });
}

/**
 * A grey image of the run's noise after a classical filter that is tuned for it, in [0, 1]; waits until it is. Undefined where
 * another run took this one's place, or none is there.
 */
export async function filterImage(filter: FilterName, noisy: Plane): Promise<Plane | undefined> {
  const current = comparison;
  if (!current) return undefined;
  const { signal } = current.cancellation;
  const cancelled = new Promise<undefined>((resolve) => {
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  return Promise.race([current.service.filterImage(filter, noisy), cancelled]);
}

/** Where the address asks the filters to run: `?filters=` names it, and `?backend=cpu` means all of the page. */
function wantedFilterPlace(address: URLSearchParams): FilterPlace | undefined {
  if (wantedBackend(address) === "cpu") return "cpu";
  return filterPlaces.find((place) => place === address.get("filters"));
}

function cancel(): void {
  clearTimeout(waiting);
  comparison?.cancellation.abort();
  comparison?.worker.terminate();
  comparison = undefined;
  batch(() => {
    results.filters.value = [];
    results.tuning.value = undefined;
    results.fault.value = undefined;
  });
}

async function compare(images: number): Promise<void> {
  const begun = start();
  comparison = begun;
  const isCurrent = () => comparison === begun;
  try {
    const samples = await ask((connected) => connected.readFilterSamples(images), fault);
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
    if (isCurrent()) fault(error);
  }
  if (isCurrent()) results.tuning.value = undefined;
}

function start(): Comparison {
  const cancellation = new AbortController();
  const worker = new Worker(new URL("../worker/filter-worker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    cancellation.abort();
    if (comparison?.worker !== worker) return;
    fault(
      new InputError(
        "The part of the page that runs the classical filters could not be loaded or has stopped.",
      ),
    );
  });
  return { worker, service: wrap<FilterService>(worker), cancellation };
}

function listen(event: FilterEvent): void {
  if (event.kind === "tuning") results.tuning.value = event.filter;
  else results.filters.value = [...results.filters.value, event.result];
}

function fault(error: unknown): void {
  batch(() => {
    results.tuning.value = undefined;
    results.fault.value = sentenceOf(error);
  });
}
