// Whether a small network is better than every tuned filter on held-out digits: a statistical test.

import { describe, expect, test } from "vitest";
import type { ByteImageSet } from "../../src/data/image-set.ts";
import type { FilterName } from "../../src/filters/filter.ts";
import { filterTasks, type Sample } from "../../src/filters/filter-tasks.ts";
import { filters } from "../../src/filters/filters.ts";
import { streams } from "../../src/math/streams.ts";
import { imageScores } from "../../src/metrics/image-scores.ts";
import { noisyMean } from "../../src/reference/noisy-mean.ts";
import { denseLayers } from "../../src/spec/layers.ts";
import { type NoiseSpec, noNoise } from "../../src/spec/noise.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";
import { defaultAdam } from "../../src/spec/optimizer.ts";
import { defaultTraining, type TrainingSpec } from "../../src/spec/settings.ts";
import { trainOn } from "../../src/training/device-run.ts";
import { evaluationData } from "../../src/training/evaluation-data.ts";
import type { TrainingData } from "../../src/training/run-data.ts";
import { firstOf, noisyTwins, pictureAt, readDigits } from "../support/digits.ts";
import { useGpu } from "../support/open-gpu.ts";

/** The number of training digits for tuning the filters, and of held-out digits for scoring filters and network. */
const tunedCount = 40;
const scoredCount = 200;

/** The required mean lead of the network in dB, after subtracting three standard errors. */
const clearLead = 0.3;

/**
 * A small network and a short run: enough for a clear lead with strong noise. With weaker noise filters lose less, and a
 * network has to learn longer.
 */
const run: TrainingSpec = {
  ...defaultTraining,
  hidden: denseLayers(128),
  batch: 32,
  optimizer: { ...defaultAdam, lr: 0.006 },
  schedule: { kind: "cosine" },
};

interface Contest {
  readonly data: TrainingData<ByteImageSet>;
  readonly spec: TrainingSpec;
  /** The noise of the digits. Filters get it, so that they can correct its bias. */
  readonly noise: NoiseSpec;
}

describe("a network is better than every classical filter tuned for the noise", {
  timeout: 300_000,
}, () => {
  const gpu = useGpu();

  test.each([
    { text: "poisson:2", epochs: 5 },
    { text: "salt-pepper:0.4", epochs: 3 },
  ])("on held-out digits under $text", async ({ text, epochs }) => {
    const { train, validation } = await readDigits();
    const noise = parseNoise(text);
    const data = { train, validation: firstOf(validation, scoredCount) };
    await expectLead({ data, spec: { ...run, epochs, noise }, noise });
  });

  test("on measured pairs: blurred, with bands of the sensor, speckled", async () => {
    const digits = await readDigits();
    const noise = parseNoise("blur:0.6+bands:0.15+speckle:0.5");
    const train = firstOf(digits.train, 3000);
    const validation = firstOf(digits.validation, scoredCount);
    const data = {
      train,
      validation,
      noisyTrain: noisyTwins(train, noise, { seed: 0, stream: streams.trainingNoise, epoch: 0 }),
      noisyValidation: noisyTwins(validation, noise, { seed: 0, stream: streams.validationNoise, epoch: 0 }),
    };
    await expectLead({ data, spec: { ...run, epochs: 7, noise: noNoise }, noise });
  });

  async function expectLead({ data, spec, noise }: Contest): Promise<void> {
    const samples = await denoisedSamples(spec, data);
    const noisy = samples.map((sample) => imageScores(sample.noisy, sample.clean).psnr);
    const network = samples.map((sample) => imageScores(sample.denoised, sample.clean).psnr);
    const best = await bestFilter(noise, await tuningSamples(spec, data), samples);

    const leads = network.map((psnr, digit) => psnr - (best.psnrs[digit] ?? Number.NaN));
    const lead = mean(leads);
    const luck = 3 * Math.sqrt(mean(leads.map((each) => (each - lead) ** 2)) / leads.length);
    const [before, beaten, reached] = [noisy, best.psnrs, network].map((psnrs) => mean(psnrs).toFixed(2));
    const result =
      `noisy ${before} dB, best filter ${best.name} ${beaten} dB, network ${reached} dB: ` +
      `ahead by ${lead.toFixed(2)} dB, of which ${luck.toFixed(2)} dB may be luck`;
    console.info(result);
    expect(mean(best.psnrs), result).toBeGreaterThan(mean(noisy));
    expect(lead - luck, result).toBeGreaterThan(clearLead);
  }

  /** Trains; returns the validation images with the run's noise, and as denoised by the network. */
  async function denoisedSamples(spec: TrainingSpec, data: TrainingData<ByteImageSet>) {
    const trainer = await trainOn(gpu(), spec, data);
    try {
      for await (const _ of trainer.epochs());
      const { rows, columns, count } = data.validation;
      const images = Array.from({ length: count }, (_, image) => image);
      const preview = await trainer.preview(images);
      return images.map((image) => ({
        noisy: pictureAt(preview.noisy, { rows, columns }, image),
        denoised: pictureAt(preview.denoised, { rows, columns }, image),
        clean: pictureAt(preview.clean, { rows, columns }, image),
      }));
    } finally {
      trainer.destroy();
    }
  }
});

function tuningSamples(spec: TrainingSpec, data: TrainingData<ByteImageSet>): Promise<Sample[]> {
  const { tuned } = evaluationData(data, spec, tunedCount);
  return tuned.read(Array.from({ length: tuned.count }, (_, number) => number));
}

/** The filter with the highest mean PSNR on these samples after tuning on separate samples, and its PSNRs in dB. */
async function bestFilter(noise: NoiseSpec, tuning: readonly Sample[], samples: readonly Sample[]) {
  const tasks = filterTasks(noisyMean(noise));
  const results: { readonly name: FilterName; readonly psnrs: readonly number[] }[] = [];
  for (const name of Object.keys(filters) as FilterName[]) {
    const scores = await tasks.score(name, await tasks.tune(name, tuning), samples);
    results.push({ name, psnrs: scores.map(({ psnr }) => psnr) });
  }
  return results.reduce((best, result) => (mean(result.psnrs) > mean(best.psnrs) ? result : best));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
