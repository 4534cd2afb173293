import type { AdapterSummary } from "../device/adapter.ts";

/** Where the classical filters that have kernels run. */
export const filterPlaces = ["gpu", "cpu"] as const;
export type FilterPlace = (typeof filterPlaces)[number];

/**
 * The place where they run fastest. A software GPU shares the processor with the threads that would filter in
 * parallel.
 */
export function usualFilterPlace({ software }: AdapterSummary): FilterPlace {
  return software ? "cpu" : "gpu";
}
