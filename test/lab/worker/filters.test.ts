import { describe, expect, test } from "vitest";
import { biasCorrection, clippedMean } from "../../../src/filters/bias-correction.ts";
import { type FilterName, fastestFirst } from "../../../src/filters/filter.ts";
import { filterTasks } from "../../../src/filters/filter-tasks.ts";
import { filters } from "../../../src/filters/filters.ts";
import { applyTuned, tuneFilter } from "../../../src/filters/tune.ts";
import type { FilterEvent, FilterResult } from "../../../src/lab/protocol.ts";
import { FilterSession, filterSamples } from "../../../src/lab/worker/filters.ts";
import { describeImages } from "../../../src/lab/worker/images.ts";
import { meanScores } from "../../../src/metrics/image-scores.ts";
import { meanPsnr } from "../../../src/metrics/psnr.ts";
import { noisyMean } from "../../../src/reference/noisy-mean.ts";
import { parseNoise } from "../../../src/spec/noise-text.ts";
import { evaluationData } from "../../../src/training/evaluation-data.ts";
import { MadeNumbers } from "../../kernels/made-numbers.ts";
import { firstOf, readDigits } from "../../support/digits.ts";

const noise = parseNoise("gaussian:0.5");
const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

/** Few digits, so that tuning all seven filters is fast. */
async function fewDigits() {
  const { train, validation } = await readDigits();
  return { train: firstOf(train, 2), validation: firstOf(validation, 3) };
}

/** Shared by the tests, because it is slow to make. */
const comparison = compare();

async function compare(seed = 3) {
  const data = await fewDigits();
  const samples = await filterSamples(await describeImages(0, { files: [], data }), { noise, seed });
  const session = new FilterSession();
  const events: FilterEvent[] = [];
  const [first] = samples.scored;
  const early = first && session.filterImage("median", first.noisy);
  await session.compare(samples, (event) => void events.push(event));
  return { data, samples, session, events, early };
}

function resultOf(filter: FilterName, events: readonly FilterEvent[]): FilterResult | undefined {
  return events
    .flatMap((event) => (event.kind === "compared" ? [event.result] : []))
    .find((result) => result.filter === filter);
}

describe("the filters that are compared with the network", () => {
  test("are reported one by one, with the scores of an evaluation on the same images", async () => {
    const { data, events } = await comparison;
    expect(events.map((event) => (event.kind === "tuning" ? event.filter : event.result.filter))).toEqual(
      fastestFirst.flatMap((filter) => [filter, filter]),
    );
    const { tuned, evaluated } = evaluationData(data, { noise, seed: 3 }, 2);
    const [tuning, scored] = [await tuned.read(numbers(2)), await evaluated.read(numbers(3))];
    const tasks = filterTasks(noisyMean(noise));
    for (const event of events) {
      if (event.kind === "tuning") continue;
      const { filter, tuned: setting, scores } = event.result;
      expect(setting).toEqual(await tasks.tune(filter, tuning));
      const { psnr, ssim } = meanScores(await tasks.score(filter, setting, scored));
      expect(scores).toEqual({ psnr, ssim });
    }
  });

  test("have the same tuning if tuned directly, on planes instead of pictures", async () => {
    const { samples, events } = await comparison;
    const result = resultOf("total-variation", events);
    const correction = biasCorrection((value) => clippedMean(value, 0.5));
    const tuning = await tuneFilter(filters["total-variation"], samples.tuned, correction);
    expect(result?.tuned.strength).toBe(tuning.strength);
    const psnrs = samples.scored.map(({ noisy, clean }) => {
      const { values } = applyTuned(filters["total-variation"], tuning, noisy);
      return meanPsnr(values, clean.values, values.length);
    });
    expect(result?.scores.psnr).toBeCloseTo(psnrs.reduce((sum, psnr) => sum + psnr, 0) / psnrs.length, 10);
  });

  test("denoise a single image as tuned, also if it was requested before tuning", async () => {
    const { samples, session, early, events } = await comparison;
    const [sample] = samples.scored;
    if (!sample) throw new Error("There is no sample.");
    const setting = resultOf("median", events)?.tuned;
    const late = await session.filterImage("median", sample.noisy);
    expect(await early).toEqual(late);
    const correction = setting?.corrected ? biasCorrection((value) => clippedMean(value, 0.5)) : undefined;
    const byHand = applyTuned(
      filters.median,
      { strength: setting?.strength ?? Number.NaN, correction },
      sample.noisy,
    );
    expect([...late.values]).toEqual([...byHand.values]);
    expect(late).toMatchObject({ rows: 28, columns: 28 });
  });
});

test("of large images only a few are used, and tuning uses their middles", async () => {
  const made = new MadeNumbers("large images");
  const large = (name: string, count: number) => ({
    name,
    count,
    rows: 96,
    columns: 160,
    pixels: made.bytes(count * 96 * 160),
  });
  const data = { train: large("train", 12), validation: large("validation", 20) };
  const { tuned, scored } = await filterSamples(await describeImages(1, { files: [], data }), {
    noise,
    seed: 1,
  });
  expect(tuned.map(({ noisy }) => [noisy.rows, noisy.columns])).toEqual(numbers(8).map(() => [64, 64]));
  expect(scored.map(({ clean }) => [clean.rows, clean.columns])).toEqual(numbers(17).map(() => [96, 160]));
});
