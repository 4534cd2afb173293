import { expect, test } from "vitest";
import type { EngineTrainer } from "../../../src/engine/engine.ts";
import { type ImagesSummary, sampleNumbers } from "../../../src/lab/images/summary.ts";
import type { SampleScores } from "../../../src/lab/protocol.ts";
import { SampleScorer } from "../../../src/lab/worker/run-reports.ts";
import { MadeNumbers } from "../../kernels/made-numbers.ts";

const [rows, columns, count] = [14, 12, 3];
const size = rows * columns;

const images: ImagesSummary = {
  id: 0,
  files: [],
  rows,
  columns,
  trainingImages: 10,
  validationImages: count,
  labels: undefined,
  samples: new Float32Array(),
};

const made = new MadeNumbers("sample scores");
const clean = made.floats(count * size, 0, 1);
const noisy = clean.map((value) => value + 0.4 * made.next(-1, 1));
const denoised = clean.map((value) => value + 0.3 * made.next(-1, 1));

/** A run that stays at an epoch, and counts how often its images are read. */
class StandingRun {
  epoch = 0;
  looks: (readonly number[])[] = [];

  get trainer(): EngineTrainer {
    const run: Partial<EngineTrainer> = {
      preview: async (numbers) => {
        this.looks.push(numbers);
        return { noisy, denoised, clean };
      },
    };
    Object.defineProperty(run, "progress", {
      get: () => ({ epoch: this.epoch, epochs: 9, step: 0, stepsPerEpoch: 1 }),
    });
    return run as EngineTrainer;
  }
}

/** The mean PSNR in dB, in plain float64 loops. */
function meanPsnr(output: ArrayLike<number>): number {
  let sum = 0;
  for (let image = 0; image < count; image++) {
    let error = 0;
    for (let pixel = image * size; pixel < (image + 1) * size; pixel++) {
      error += ((output[pixel] ?? Number.NaN) - (clean[pixel] ?? Number.NaN)) ** 2 / size;
    }
    sum -= 10 * Math.log10(error);
  }
  return sum / count;
}

/** The mean SSIM by its definition: all 121 products of a window at every position, about the window's own means. */
function meanSsim(output: ArrayLike<number>): number {
  const line = Array.from({ length: 11 }, (_, index) => Math.exp(-((index - 5) ** 2) / (2 * 1.5 ** 2)));
  const total = line.reduce((sum, weight) => sum + weight, 0) ** 2;
  let sum = 0;
  let places = 0;
  for (let image = 0; image < count; image++) {
    for (let top = 0; top + 11 <= rows; top++) {
      for (let left = 0; left + 11 <= columns; left++, places++) {
        const window = line.flatMap((down, row) =>
          line.map((across, column) => {
            const at = image * size + (top + row) * columns + left + column;
            return {
              weight: (down * across) / total,
              x: output[at] ?? Number.NaN,
              y: clean[at] ?? Number.NaN,
            };
          }),
        );
        const mean = (of: (pixel: (typeof window)[number]) => number) =>
          window.reduce((all, pixel) => all + pixel.weight * of(pixel), 0);
        const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)];
        const spread = mean(({ x, y }) => (x - mx) ** 2 + (y - my) ** 2);
        const together = mean(({ x, y }) => (x - mx) * (y - my));
        sum +=
          ((2 * mx * my + 1e-4) * (2 * together + 9e-4)) / ((mx ** 2 + my ** 2 + 1e-4) * (spread + 9e-4));
      }
    }
  }
  return sum / places;
}

test("scores are those of the noisy images and of the network's output as stored, in [0, 1]", async () => {
  const told: SampleScores[] = [];
  await new SampleScorer(new StandingRun().trainer, images, (scores) => told.push(scores)).scoreNow();
  expect(told).toHaveLength(1);
  const [scores] = told;
  const stored = denoised.map((value) => Math.min(1, Math.max(0, value)));
  expect(scores?.epoch).toBe(0);
  expect(scores?.noisy.psnr).toBeCloseTo(meanPsnr(noisy), 10);
  expect(scores?.denoised.psnr).toBeCloseTo(meanPsnr(stored), 10);
  expect(meanPsnr(stored)).toBeGreaterThan(meanPsnr(denoised) + 0.01);
  expect(scores?.noisy.ssim).toBeCloseTo(meanSsim(noisy), 10);
  expect(scores?.denoised.ssim).toBeCloseTo(meanSsim(stored), 10);
});

test("an epoch is scored once, and the next one soon after only on request", async () => {
  const run = new StandingRun();
  const told: number[] = [];
  const scorer = new SampleScorer(run.trainer, images, ({ epoch }) => told.push(epoch));
  await scorer.score();
  await scorer.scoreNow();
  expect(told).toEqual([0]);
  run.epoch = 1;
  await scorer.score();
  expect(run.looks).toHaveLength(1);
  await scorer.scoreNow();
  await scorer.scoreNow();
  expect(told).toEqual([0, 1]);
  expect(run.looks).toEqual([
    [0, 1, 2],
    [0, 1, 2],
  ]);
});

test("a replaced run reports nothing more", async () => {
  const told: SampleScores[] = [];
  const scorer = new SampleScorer(new StandingRun().trainer, images, (scores) => told.push(scores));
  const scored = scorer.scoreNow();
  scorer.stop();
  await scored;
  expect(told).toEqual([]);
});

test("images too small for SSIM have only a PSNR", async () => {
  const told: SampleScores[] = [];
  const small = { ...images, rows: 7, columns: 8 };
  await new SampleScorer(new StandingRun().trainer, small, (scores) => told.push(scores)).scoreNow();
  expect(told[0]?.denoised.ssim).toBeUndefined();
  expect(told[0]?.denoised.psnr).toBeGreaterThan(0);
});

test("the sample is the first 100 validation images, or fewer if they are large, but at least one", () => {
  const numbersOf = (side: number, validationImages: number) =>
    sampleNumbers({ rows: side, columns: side, validationImages });
  expect(numbersOf(28, 2000)).toEqual(Array.from({ length: 100 }, (_, index) => index));
  expect(numbersOf(28, 7)).toHaveLength(7);
  expect(numbersOf(64, 2000)).toHaveLength(64);
  expect(numbersOf(256, 2000)).toEqual([0, 1, 2, 3]);
  expect(numbersOf(1024, 2000)).toEqual([0]);
});
