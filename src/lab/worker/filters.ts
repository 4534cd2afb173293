import type { Plane } from "../../data/plane.ts";
import { DeviceError } from "../../device/device-error.ts";
import { applyOnDevice } from "../../filtering/device-filters.ts";
import { type FilterPlace, usualFilterPlace } from "../../filtering/place-of-filters.ts";
import { type ApplyFilter, applyOnCpu } from "../../filters/apply-filter.ts";
import { type FilterName, fastestFirst } from "../../filters/filter.ts";
import { type FilterTasks, filterTasks, type Sample, type TunedFilter } from "../../filters/filter-tasks.ts";
import { Gpu } from "../../gpu/gpu.ts";
import { meanScores } from "../../metrics/image-scores.ts";
import { WorkSlices } from "../../network/work-slices.ts";
import { noisyMean } from "../../reference/noisy-mean.ts";
import type { TrainingSpec } from "../../spec/settings.ts";
import { evaluationData, type Samples, tunedSide } from "../../training/evaluation-data.ts";
import { sampleNumbers } from "../images/summary.ts";
import type { FilterListener, FilterSamples, FilterService } from "../protocol.ts";
import type { AvailableImages } from "./images.ts";

/** The filter Worker's service: the filters for one noise. */
export class FilterSession implements FilterService {
  readonly #open: (place: FilterPlace | undefined) => Promise<ApplyFilter>;
  #tasks: FilterTasks | undefined;
  readonly #tuned = new Map<FilterName, TunedFilter>();
  /** Calls that wait for a filter to be tuned. */
  readonly #waiting = new Map<FilterName, (() => void)[]>();

  /** `open` opens the filters at a place, or at the fastest one. */
  constructor(open: (place: FilterPlace | undefined) => Promise<ApplyFilter> = async () => applyOnCpu) {
    this.#open = open;
  }

  async compare(
    { noise, tuned, scored }: FilterSamples,
    listener: FilterListener,
    place?: FilterPlace,
  ): Promise<void> {
    const tasks = filterTasks(noisyMean(noise), await this.#open(place));
    this.#tasks = tasks;
    const slices = new WorkSlices();
    for (const filter of fastestFirst) {
      void listener({ kind: "tuning", filter });
      const setting = await tasks.tune(filter, tuned);
      this.#tuned.set(filter, setting);
      for (const go of this.#waiting.get(filter) ?? []) go();
      const { psnr, ssim } = meanScores(await tasks.score(filter, setting, scored));
      void listener({ kind: "compared", result: { filter, tuned: setting, scores: { psnr, ssim } } });
      await slices.breathe();
    }
  }

  async filterImage(filter: FilterName, noisy: Plane): Promise<Plane> {
    const setting = await this.#settingOf(filter);
    if (!this.#tasks) throw new Error("A filter was requested before one was tuned.");
    const picture = await this.#tasks.apply(filter, setting, { ...noisy, channels: 1 });
    const { rows, columns, values } = picture;
    return { rows, columns, values };
  }

  async #settingOf(filter: FilterName): Promise<TunedFilter> {
    const setting = this.#tuned.get(filter);
    if (setting) return setting;
    await new Promise<void>((resolve) => {
      this.#waiting.set(filter, [...(this.#waiting.get(filter) ?? []), resolve]);
    });
    return this.#settingOf(filter);
  }
}

/**
 * Opens the filters at the wanted place, or by default where they are fastest, on a separate device. If a GPU fails, the
 * CPU is used from then on.
 */
export async function openFilters(wanted: FilterPlace | undefined): Promise<ApplyFilter> {
  if (wanted === "cpu") return applyOnCpu;
  try {
    const gpu = await Gpu.open(navigator.gpu);
    if ((wanted ?? usualFilterPlace(gpu.adapter)) === "gpu") return withCpuBehind(applyOnDevice(gpu));
    gpu.destroy();
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
  }
  return applyOnCpu;
}

function withCpuBehind(onGpu: ApplyFilter): ApplyFilter {
  let apply = onGpu;
  return async (...args) => {
    try {
      return await apply(...args);
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      apply = applyOnCpu;
      return apply(...args);
    }
  };
}

/** The maximum number of training images on which filters are tuned, and the maximum of their pixels together. */
const most = { images: 32, pixels: 2 ** 15 } as const;

/** The samples, with a run's noise, on which filters are tuned and scored: for 28 x 28 pixels about ten seconds of work. */
export async function filterSamples(
  { summary, data }: AvailableImages,
  { noise, seed }: Pick<TrainingSpec, "noise" | "seed">,
): Promise<FilterSamples> {
  const size = Math.min(summary.rows, tunedSide) * Math.min(summary.columns, tunedSide);
  const wanted = Math.min(most.images, Math.floor(most.pixels / size));
  const { tuned, evaluated } = evaluationData(data, { noise, seed }, wanted);
  const everyTuned = Array.from({ length: tuned.count }, (_, number) => number);
  return {
    noise,
    tuned: await readOneByOne(tuned, everyTuned),
    scored: await readOneByOne(evaluated, sampleNumbers(summary)),
  };
}

/** Reads samples without blocking the thread's other work, because some noises take long. */
async function readOneByOne(samples: Samples, numbers: readonly number[]): Promise<Sample[]> {
  const slices = new WorkSlices();
  const found: Sample[] = [];
  for (const number of numbers) {
    found.push(...(await samples.read([number])));
    await slices.breathe();
  }
  return found;
}
