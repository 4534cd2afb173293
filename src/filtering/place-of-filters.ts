import type { AdapterSummary } from "../device/adapter.ts";

/** Where the classical filters that have kernels run. */
export const filterPlaces = ["gpu", "cpu"] as const;
export type FilterPlace = (typeof filterPlaces)[number];

/** Where they run fastest: a GPU in software shares the processor with the threads that would filter beside it. */
export function usualFilterPlace({ software }: AdapterSummary): FilterPlace {
  return software ? "cpu" : "gpu";
}
