import { describe, expect, test, vi } from "vitest";
import type { ImageSet } from "../../src/data/image-set.ts";
import { sourceOf } from "../../src/data/image-source.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import { ReferenceTrainer } from "../../src/reference/train.ts";
import { denseLayers } from "../../src/spec/layers.ts";
import type { Model } from "../../src/spec/network.ts";
import { noNoise } from "../../src/spec/noise.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";
import type { TrainingSpec } from "../../src/spec/settings.ts";
import { trainOnCpu } from "../../src/training/cpu-run.ts";
import { trainOn } from "../../src/training/device-run.ts";
import type { EpochReport } from "../../src/training/history.ts";
import type { TrainingData } from "../../src/training/run-data.ts";
import type { Trainer } from "../../src/training/trainer.ts";
import { useGpu } from "../support/open-gpu.ts";
import { blobData, blobs, divergingRuns, shortRun, shortRuns } from "./run-fixture.ts";
import { tolerances } from "./tolerances.ts";

type Epochs = Pick<Trainer, "epochs">;

const allOf = async (trainer: Epochs, signal?: AbortSignal, onProgress?: () => void) => {
  const reports: EpochReport[] = [];
  for await (const report of trainer.epochs(signal, onProgress)) reports.push(report);
  return reports;
};

const withoutSeconds = (reports: readonly EpochReport[]) =>
  reports.map(({ record: { seconds: _, ...record }, stepLosses }) => ({ record, stepLosses }));

const parametersOf = ({ layers }: Pick<Model, "layers">) =>
  layers.flatMap(({ weight, bias }) => [...weight, ...bias]);

/** The largest difference of two lists of one length. */
function furthest(got: ArrayLike<number>, want: ArrayLike<number>): number {
  expect(got.length).toBe(want.length);
  return Array.from(got).reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (want[index] ?? Number.NaN))),
    0,
  );
}

/** Both add up in float64, in other orders: some roundings of 2^-53 a value. */
const roundings = 1e-12;

/**
 * Of a mean PSNR. A residual network's output follows the noise itself, which WGSL bounds by 2^-11 a value: of a squared error
 * around 1e-2 that is some 1e-4 of it, 4.3 times as many decibels.
 */
const decibels = 1e-3;

describe("training on the CPU", () => {
  const gpu = useGpu();
  const data = blobData(37, 11, 6, 5);
  const spec = shortRun({ hidden: [9], epochs: 3 });

  test.each(shortRuns)("comes to what the GPU comes to: $name", async ({ spec, data }) => {
    const cpu = await trainOnCpu(spec, data);
    const device = await trainOn(gpu(), spec, data);
    expect(cpu.network).toEqual(device.network);
    expect(cpu.progress).toEqual(device.progress);
    expect(parametersOf(await cpu.weights())).toEqual(parametersOf(await device.weights()));
    const [got, want] = [await allOf(cpu), await allOf(device)];
    expect(got.length).toBe(want.length);
    got.forEach(({ record, stepLosses }, epoch) => {
      const other = want[epoch];
      if (!other) throw new Error("The GPU did fewer epochs.");
      expect(record.epoch).toBe(other.record.epoch);
      expect(furthest(stepLosses, other.stepLosses)).toBeLessThan(tolerances.loss);
      expect(Math.abs(record.loss - other.record.loss)).toBeLessThan(tolerances.loss);
      expect(Math.abs(record.valLoss - other.record.valLoss)).toBeLessThan(tolerances.loss);
      expect(Math.abs(record.valPsnr - other.record.valPsnr)).toBeLessThan(decibels);
    });
    expect(cpu.progress).toEqual(device.progress);
    expect(furthest(parametersOf(await cpu.weights()), parametersOf(await device.weights()))).toBeLessThan(
      tolerances.weight,
    );
    const [seen, shown] = [await cpu.preview([2, 0]), await device.preview([2, 0])];
    expect(furthest(seen.clean, shown.clean)).toBeLessThan(2 ** -24);
    // WGSL bounds the noise's sin, cos and log by 2^-11.
    expect(furthest(seen.noisy, shown.noisy)).toBeLessThan(1e-3);
    expect(furthest(seen.denoised, shown.denoised)).toBeLessThan(1e-3);
    device.destroy();
    cpu.destroy();
  });

  test("does a step of several portions as the reference does it at once", async () => {
    const large = { ...blobData(700, 300, 4, 4), name: "large" };
    const run = shortRun({ hidden: [5, 7], batch: 300, epochs: 2 });
    const trainer = await trainOnCpu(run, large);
    const reference = new ReferenceTrainer(run, trainer.network, initialWeights(trainer.network, run.seed));
    const images = ({ count, pixels }: ImageSet) => ({ count, clean: pixels });
    let heard = 0;
    for await (const { record, stepLosses } of trainer.epochs(undefined, () => heard++)) {
      expect(furthest(stepLosses, reference.epoch(images(large.train)))).toBeLessThan(roundings);
      expect(Math.abs(record.valLoss - reference.validate(images(large.validation)))).toBeLessThan(roundings);
    }
    // 300 + 300 + 100 and 300 images, by portions of 128.
    expect(heard).toBe(2 * (3 + 3 + 1 + 3));
    const want = reference.layers.flatMap(({ weight, bias }) => [...weight, ...bias]);
    expect(furthest(parametersOf(await trainer.weights()), want.map(Math.fround))).toBeLessThan(2 ** -23);
  });

  test.each([
    ["small steps", spec, data],
    ["steps of several portions", shortRun({ hidden: [5], batch: 300, epochs: 2 }), blobData(700, 300, 4, 4)],
  ] as const)("paused after every portion it gives the same bits: %s", async (_what, run, images) => {
    const whole = await trainOnCpu(run, images);
    const reports = await allOf(whole);
    const trainer = await trainOnCpu(run, images);
    const portions: EpochReport[] = [];
    while (trainer.progress.epoch < run.epochs) {
      const pause = new AbortController();
      portions.push(...(await allOf(trainer, pause.signal, () => pause.abort())));
      await trainer.preview([0]);
      await trainer.weights();
    }
    expect(withoutSeconds(portions)).toEqual(withoutSeconds(reports));
    expect(await trainer.weights()).toEqual(await whole.weights());
  });

  test("step by step it gives the same bits, from within a step as well", async () => {
    const run = shortRun({ hidden: [5], batch: 300, epochs: 2 });
    const images = blobData(700, 300, 4, 4);
    const whole = await trainOnCpu(run, images);
    const reports = await allOf(whole);
    const trainer = await trainOnCpu(run, images);
    const pause = new AbortController();
    await allOf(trainer, pause.signal, () => pause.abort());
    const stepped: EpochReport[] = [];
    const losses: number[] = [];
    for (let report = await trainer.step(); report; report = await trainer.step()) {
      losses.push(report.loss);
      if (report.epochReport) stepped.push(report.epochReport);
    }
    expect(withoutSeconds(stepped)).toEqual(withoutSeconds(reports));
    expect(losses).toEqual(reports.flatMap(({ stepLosses }) => stepLosses));
    expect(await trainer.step()).toBeUndefined();
  });

  test("images that are read when they are needed give the same bits", async () => {
    const paired = {
      ...data,
      noisyTrain: blobs("twins", 37, 6, 5),
      noisyValidation: blobs("more twins", 11, 6, 5),
    };
    const cases: readonly (readonly [TrainingSpec, TrainingData<ImageSet>])[] = [
      [spec, data],
      [{ ...spec, noise: noNoise, noise2noise: true, loss: "mse" }, paired],
    ];
    for (const [run, { train, validation, noisyTrain, noisyValidation }] of cases) {
      const streamed: TrainingData = {
        train: sourceOf(train),
        validation: sourceOf(validation),
        ...(noisyTrain && { noisyTrain: sourceOf(noisyTrain) }),
        ...(noisyValidation && { noisyValidation: sourceOf(noisyValidation) }),
      };
      const whole = await trainOnCpu(run, {
        train,
        validation,
        ...(noisyTrain && { noisyTrain }),
        ...(noisyValidation && { noisyValidation }),
      });
      const trainer = await trainOnCpu(run, streamed);
      expect(withoutSeconds(await allOf(trainer))).toEqual(withoutSeconds(await allOf(whole)));
      expect(await trainer.weights()).toEqual(await whole.weights());
      expect(await trainer.preview([7, 2])).toEqual(await whole.preview([7, 2]));
    }
  });

  test("images that cannot be read end the training with the reason", async () => {
    const broken = { ...sourceOf(data.train), read: () => Promise.reject(new Error("the disk is gone")) };
    const trainer = await trainOnCpu(spec, { ...data, train: broken });
    await expect(allOf(trainer)).rejects.toThrow("the disk is gone");
  });

  test("a message gets in while an epoch is under way", async () => {
    let now = 0;
    // Every look at the clock finds another 10 ms gone.
    const clock = vi.spyOn(performance, "now").mockImplementation(() => (now += 10));
    try {
      const trainer = await trainOnCpu(spec, data);
      const pause = new AbortController();
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        pause.abort();
      };
      port2.postMessage(undefined);
      expect(await allOf(trainer, pause.signal)).toEqual([]);
      expect(trainer.progress.step).toBeGreaterThan(0);
      // Five portions make a slice of 50 ms, and the message comes after the first slice.
      expect(trainer.progress.step).toBeLessThan(7);
    } finally {
      clock.mockRestore();
    }
  });

  test.each(divergingRuns)("$name end the run with epoch and step", async ({ spec, data, initial, step }) => {
    const trainer = await trainOnCpu(spec, data, { initial });
    const message = new RegExp(
      `^The training diverged in epoch 1 at step ${step}: .* lower the learning rate\\.$`,
    );
    await expect(allOf(trainer)).rejects.toThrow(message);
    await expect(trainer.step()).rejects.toThrow(message);
  });

  test.each([
    [{ batch: 38 }, data, "The batch of 38 is larger than the training set"],
    [{}, { ...data, validation: blobs("other", 3, 5, 6) }, "other"],
    [
      { noise: parseNoise("gaussian:0.5") },
      { ...data, noisyTrain: blobs("twin", 37, 6, 5) },
      "Only one of the sets has noisy twins, twin: training",
    ],
    [
      { hidden: denseLayers(65_536, 65_536) },
      data,
      "but the CPU takes at most 33554432: choose fewer or narrower layers.",
    ],
  ])("refuses %o", async (changes, images, message) => {
    await expect(trainOnCpu({ ...spec, ...changes }, images)).rejects.toThrow(message);
  });

  test("refuses pictures of any size", async () => {
    const picture = { name: "a", rows: 9, columns: 9, channels: 1, pixels: new Uint8Array(81) };
    const set = { name: "photographs", channels: 1, pictures: [picture] };
    const patches = { side: 4, count: 16, validation: 4, flips: true };
    const run = shortRun({ hidden: [3], patches });
    await expect(trainOnCpu(run, { train: set, validation: set })).rejects.toThrow(
      "photographs holds pictures, and only the GPU can train on their patches.",
    );
  });
});
