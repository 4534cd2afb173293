import type { Sample } from "../../filters/filter-tasks.ts";
import { WorkSlices } from "../../network/work-slices.ts";
import type { TrainingSpec } from "../../spec/training.ts";
import { evaluationData, type Samples, tunedSide } from "../../training/evaluation-data.ts";
import type { FilterSamples } from "../filter-service.ts";
import { sampleNumbers } from "../images/sample-numbers.ts";
import type { AvailableImages } from "./images.ts";

/** Training images that filters are tuned on at most, and what they may come to in pixels. */
const most = { images: 32, pixels: 2 ** 15 } as const;

/** The samples that filters are tuned and scored on, under a run's noise: for 28 x 28 pixels, some ten seconds of work. */
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

/** Reads samples while the thread's other work goes on: some noises take their time. */
async function readOneByOne(samples: Samples, numbers: readonly number[]): Promise<Sample[]> {
  const slices = new WorkSlices();
  const found: Sample[] = [];
  for (const number of numbers) {
    found.push(...(await samples.read([number])));
    await slices.breathe();
  }
  return found;
}
