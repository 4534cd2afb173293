import type { Engine } from "../engine/engine.ts";
import { Recovering } from "../engine/recovering.ts";
import { applyOnDevice, runsOnDevice } from "../filtering/device-filters.ts";
import type { FilterPlace } from "../filtering/place-of-filters.ts";
import type { ApplyFilter } from "../filters/apply-filter.ts";
import type { FilterName } from "../filters/filter.ts";
import { type FilterTasks, filterTasks } from "../filters/filter-tasks.ts";
import { noisyMean } from "../reference/noisy-mean.ts";
import type { NoiseSpec } from "../spec/noise.ts";
import { FilterCrew } from "./filter-crew.ts";
import type { FilePlaces } from "./io.ts";

/** Runs the classical filters for one noise: on threads, or on the engine if they have kernels. */
export interface FilterWork extends Pick<FilterTasks, "tune" | "score"> {
  /** Ends the threads; rejects their pending and later calls with `reason`. */
  stop(reason: unknown): Promise<void>;
}

/** Starts the threads. With the place "gpu", filters with kernels run on the engine, whatever its backend is. */
export async function startFilterWork(
  { program }: Pick<FilePlaces, "program">,
  engine: Engine,
  noise: NoiseSpec,
  place: FilterPlace,
): Promise<FilterWork> {
  if (place === "cpu") return new FilterCrew(program, noise);
  const placed = await Recovering.create(
    () => engine.liveDevice(),
    async (device) => ({ apply: applyOnDevice(device), destroy: () => {} }),
  );
  const apply: ApplyFilter = (...args) => placed.do((made) => made.apply(...args));
  const onEngine = filterTasks(noisyMean(noise), apply);
  const crew = new FilterCrew(program, noise);
  const workOf = (filter: FilterName) => (runsOnDevice(filter) ? onEngine : crew);
  return {
    tune: (filter, samples) => workOf(filter).tune(filter, samples),
    score: (filter, setting, samples) => workOf(filter).score(filter, setting, samples),
    stop: (reason) => crew.stop(reason),
  };
}
