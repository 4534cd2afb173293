import type { FilterName } from "../filters/filter.ts";
import type { TunedFilter } from "../filters/filter-tasks.ts";
import { type ImageScores, imageScores } from "../metrics/image-scores.ts";
import type { EvaluationData } from "../training/evaluation-data.ts";
import type { EvaluatedNetwork } from "./evaluated-network.ts";
import type { FilterWork } from "./filter-work.ts";

/** The scores of the noisy images, of a filter or of the network. */
export interface EvaluationRow {
  readonly name: "noisy" | FilterName | "network";
  /** The scores of every image, in the evaluation's order. */
  readonly scores: readonly ImageScores[];
  /** The tuned setting of a filter. */
  readonly tuned?: TunedFilter;
}

/** Receives the progress of an evaluation. */
export interface EvaluationProgress {
  /** Called after every tuned filter. */
  tuned(filter: FilterName, tuned: TunedFilter): void;
  /** Called after every batch of images. */
  evaluated(images: number, of: number): void;
}

export interface EvaluationWork {
  readonly data: EvaluationData;
  readonly network: EvaluatedNetwork;
  readonly filters: readonly FilterName[];
  /** Undefined if there are no filters. */
  readonly filterWork: FilterWork | undefined;
  /** Images per batch. */
  readonly batch: number;
  readonly progress: EvaluationProgress;
  readonly signal: AbortSignal;
}

/** Tunes the filters, then evaluates the noisy images, every filter and the network. Throws the signal's reason when it is aborted. */
export async function evaluationRows(work: EvaluationWork): Promise<EvaluationRow[]> {
  const { data, network, filterWork, batch, progress, signal } = work;
  signal.throwIfAborted();
  const tuned = await tuneFilters(work);
  const noisyScores: ImageScores[] = [];
  const networkScores: ImageScores[] = [];
  const filterScores = tuned.map((): ImageScores[] => []);

  const { count } = data.evaluated;
  let filtered: Promise<void> = Promise.resolve();
  for (let first = 0; first < count; first += batch) {
    signal.throwIfAborted();
    const numbers = Array.from({ length: Math.min(batch, count - first) }, (_, index) => first + index);
    const samples = await data.evaluated.read(numbers);
    const calls = tuned.map(([filter, setting]) => filterWork?.score(filter, setting, samples) ?? []);
    // It is awaited during the next batch; until then a failure must not count as an unhandled rejection.
    const scored = Promise.all(calls);
    scored.catch(() => {});

    const denoised = await network.denoise(samples);
    samples.forEach(({ noisy, clean }, index) => {
      noisyScores.push(imageScores(noisy, clean));
      networkScores.push(imageScores(denoised[index] ?? noisy, clean));
    });
    await filtered;
    filtered = scored.then((answers) => {
      answers.forEach((scores, index) => {
        filterScores[index]?.push(...scores);
      });
      progress.evaluated(first + numbers.length, count);
    });
    filtered.catch(() => {});
  }
  await filtered;
  return [
    { name: "noisy", scores: noisyScores },
    ...tuned.map(([name, setting], index) => ({ name, scores: filterScores[index] ?? [], tuned: setting })),
    { name: "network", scores: networkScores },
  ];
}

async function tuneFilters({
  data,
  filters,
  filterWork,
  progress,
}: EvaluationWork): Promise<(readonly [FilterName, TunedFilter])[]> {
  if (!filterWork) return [];
  const { count, read } = data.tuned;
  const samples = await read(Array.from({ length: count }, (_, index) => index));
  return Promise.all(
    filters.map(async (filter) => {
      const tuned = await filterWork.tune(filter, samples);
      progress.tuned(filter, tuned);
      return [filter, tuned] as const;
    }),
  );
}
