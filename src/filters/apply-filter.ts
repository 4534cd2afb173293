import type { Plane } from "../data/plane.ts";
import type { FilterName } from "./filter.ts";
import { filters } from "./filters.ts";

/** Filters planes of any shapes with one strength; strength 0 leaves them unchanged. */
export type ApplyFilter = (
  filter: FilterName,
  planes: readonly Plane[],
  strength: number,
) => Promise<readonly Plane[]>;

/** On this thread. */
export const applyOnCpu: ApplyFilter = async (filter, planes, strength) =>
  planes.map((plane) => filters[filter].apply(plane, strength));
