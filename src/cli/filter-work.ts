import type { Device } from "../device/device.ts";
import { applyOnDevice, runsOnDevice } from "../filtering/device-filters.ts";
import type { FilterPlace } from "../filtering/place-of-filters.ts";
import { type FilterTasks, filterTasks } from "../filters/filter-tasks.ts";
import { noisyMean } from "../reference/noisy-mean.ts";
import type { NoiseSpec } from "../spec/noise.ts";
import { FilterCrew } from "./filter-crew.ts";
import type { FilePlaces } from "./io.ts";

/** The classical filters of one noise at work: on threads of this machine, and those that have kernels on its GPU. */
export interface FilterWork extends Pick<FilterTasks, "tune" | "score"> {
  /** Ends it; calls that threads have not answered yet, and later ones, are rejected with `reason`. */
  stop(reason: unknown): Promise<void>;
}

/** Starts the threads. The GPU stays the caller's. */
export function startFilterWork(
  { program }: Pick<FilePlaces, "program">,
  device: Device,
  noise: NoiseSpec,
  place: FilterPlace,
): FilterWork {
  const crew = new FilterCrew(program, noise);
  if (place === "cpu") return crew;
  const onGpu = filterTasks(noisyMean(noise), applyOnDevice(device));
  const workOf = (filter: Parameters<typeof runsOnDevice>[0]) => (runsOnDevice(filter) ? onGpu : crew);
  return {
    tune: (filter, samples) => workOf(filter).tune(filter, samples),
    score: (filter, setting, samples) => workOf(filter).score(filter, setting, samples),
    stop: (reason) => crew.stop(reason),
  };
}
