import type { Plane } from "../../data/plane.ts";
import type { FilterPlace } from "../../filtering/place-of-filters.ts";
import { type ApplyFilter, applyOnCpu } from "../../filters/apply-filter.ts";
import type { FilterName } from "../../filters/filter.ts";
import { type FilterTasks, filterTasks, type TunedFilter } from "../../filters/filter-tasks.ts";
import { meanScores } from "../../metrics/image-scores.ts";
import { WorkSlices } from "../../network/work-slices.ts";
import { noisyMean } from "../../reference/noisy-mean.ts";
import type { FilterListener, FilterSamples, FilterService } from "../filter-service.ts";
import { fastestFirst } from "../results/filter-order.ts";

/** The filter Worker's side: the filters of one noise. */
export class FilterSession implements FilterService {
  readonly #open: (place: FilterPlace | undefined) => Promise<ApplyFilter>;
  #tasks: FilterTasks | undefined;
  readonly #tuned = new Map<FilterName, TunedFilter>();
  /** Who waits for a filter to be tuned. */
  readonly #waiting = new Map<FilterName, (() => void)[]>();

  /** `open` gives the way to filter at a place, or at the fastest. */
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
    if (!this.#tasks) throw new Error("A filter was to be used before one was tuned.");
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
