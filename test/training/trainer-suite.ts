import { describe, expect, test } from "vitest";
import { sourceOf } from "../../src/data/image-source.ts";
import { streams } from "../../src/math/streams.ts";
import { psnr } from "../../src/metrics/psnr.ts";
import { corruptBatch } from "../../src/reference/corrupt-batch.ts";
import { denseLayers } from "../../src/spec/layers.ts";
import { noNoise } from "../../src/spec/noise.ts";
import type { TrainingSpec } from "../../src/spec/settings.ts";
import { trainOn } from "../../src/training/device-run.ts";
import type { EpochReport } from "../../src/training/history.ts";
import type { Trainer } from "../../src/training/trainer.ts";
import type { UseDevice } from "../support/use-device.ts";
import { differencesFromReference } from "./follows-reference.ts";
import { blobData, blobs, deepData, divergingRuns, shortRun, shortRuns } from "./run-fixture.ts";
import { tolerances } from "./tolerances.ts";

export const describeTraining = (useDevice: UseDevice) =>
  describe("training", () => {
    const device = useDevice();
    const data = blobData(37, 11, 6, 5);
    const spec = shortRun({ hidden: [9], epochs: 3 });

    const allOf = async (trainer: Trainer) => {
      const reports: EpochReport[] = [];
      for await (const report of trainer.epochs()) reports.push(report);
      return reports;
    };
    const withoutSeconds = (reports: EpochReport[]) =>
      reports.map(({ record: { seconds: _, ...record }, stepLosses }) => ({ record, stepLosses }));

    test.each(shortRuns)("follows the reference step by step: $name", async ({ spec, data }) => {
      const { stepLoss, valLoss, weight } = await differencesFromReference(device(), spec, data);
      expect(stepLoss).toBeLessThan(tolerances.loss);
      expect(valLoss).toBeLessThan(tolerances.loss);
      expect(weight).toBeLessThan(tolerances.weight);
    });

    test.each([
      ["16 bits", { bits: 16, range: { low: 0, high: 65_535 } }, shortRun({ hidden: [9] }), undefined],
      ["12 bits in 16, streamed", { bits: 16, range: { low: 0, high: 4095 } }, shortRun({ hidden: [9] }), 1],
      [
        "floats of a range, for convolutions, shifted",
        { bits: 32, range: { low: -1, high: 3 } },
        shortRun({ hidden: "conv:3", shift: 1, initialization: "torch" }),
        undefined,
      ],
    ] as const)("follows the reference on samples of %s", async (_what, format, spec, imageBytes) => {
      const deep = deepData(data, format);
      const { stepLoss, valLoss, weight } = await differencesFromReference(
        device(),
        spec,
        deep,
        undefined,
        imageBytes,
      );
      expect(stepLoss).toBeLessThan(tolerances.loss);
      expect(valLoss).toBeLessThan(tolerances.loss);
      expect(weight).toBeLessThan(tolerances.weight);
      const trainer = await trainOn(device(), spec, deep, { imageBytes });
      const { clean } = await trainer.preview([3]);
      const { low, high } = format.range;
      clean.forEach((value, pixel) => {
        const sample = deep.validation.pixels[3 * clean.length + pixel] ?? Number.NaN;
        expect(value).toBeCloseTo((sample - low) / (high - low), 6);
      });
      trainer.destroy();
    });

    test("refuses sets whose samples differ in kind", async () => {
      const deep = deepData(data, { bits: 16, range: { low: 0, high: 4095 } });
      await expect(trainOn(device(), spec, { ...deep, validation: data.validation })).rejects.toThrow(
        "All images of a training must have samples of one kind, but train has 16 bits from 0 to 4095 and validation has 8 bits from 0 to 255.",
      );
    });

    test("gives the same bits twice, for any division into pauses", async () => {
      const whole = await trainOn(device(), spec, data);
      const reports = await allOf(whole);

      const inPortions = await trainOn(device(), spec, data);
      const portions: EpochReport[] = [];
      const stepped = await inPortions.step();
      expect(stepped?.loss).toBe(reports[0]?.stepLosses[0]);
      // Paused after every submit.
      while (inPortions.progress.epoch < spec.epochs) {
        const pause = new AbortController();
        for await (const report of inPortions.epochs(pause.signal, () => pause.abort()))
          portions.push(report);
      }
      expect(withoutSeconds(portions)).toEqual(withoutSeconds(reports));
      expect(await inPortions.weights()).toEqual(await whole.weights());

      whole.destroy();
      inPortions.destroy();
    });

    test.each([
      ["a step", 1],
      ["two steps", 2 * 8 * 32],
      ["all of the validation images", 2000],
    ])("streams images through windows of %s, to the same bits", async (_what, imageBytes) => {
      const paired = {
        ...data,
        noisyTrain: blobs("twins", 37, 6, 5),
        noisyValidation: blobs("more twins", 11, 6, 5),
      };
      const cases = [
        [spec, data],
        [{ ...spec, shuffle: false, noise: noNoise }, paired],
      ] as const;
      for (const [run, images] of cases) {
        const resident = await trainOn(device(), run, images);
        const streamed = await trainOn(device(), run, images, { imageBytes });
        expect(withoutSeconds(await allOf(streamed))).toEqual(withoutSeconds(await allOf(resident)));
        expect(await streamed.weights()).toEqual(await resident.weights());
        expect(await streamed.preview([7, 2])).toEqual(await resident.preview([7, 2]));
        resident.destroy();
        streamed.destroy();
      }
    });

    test("a run can be destroyed while its next images are read, and the device continues to work", async () => {
      const source = sourceOf(data.train);
      const reads: Promise<void>[] = [];
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      // The first step's images arrive immediately, those of the next step after the run is destroyed.
      const slow = {
        ...source,
        read: (...request: Parameters<typeof source.read>) => {
          const read = (reads.length > 0 ? released : Promise.resolve()).then(() => source.read(...request));
          reads.push(read);
          return read;
        },
      };
      const trainer = await trainOn(device(), spec, { ...data, train: slow }, { imageBytes: 1 });
      await trainer.step();
      trainer.destroy();
      expect(reads.length).toBeGreaterThan(1);
      release();
      await Promise.all(reads);
      const after = await trainOn(device(), spec, data);
      expect((await allOf(after)).length).toBe(spec.epochs);
      after.destroy();
    });

    test("missing weights are refused, not replaced by zeros", async () => {
      await expect(trainOn(device(), spec, data, { initial: [] })).rejects.toThrow(
        "Layer 0 needs 270 weights",
      );
    });

    test("images that cannot be read end the training with the reason", async () => {
      const broken = { ...sourceOf(data.train), read: () => Promise.reject(new Error("the disk is gone")) };
      const trainer = await trainOn(device(), spec, { ...data, train: broken });
      await expect(allOf(trainer)).rejects.toThrow("the disk is gone");
      trainer.destroy();
    });

    test("training step by step gives the epochs' reports too", async () => {
      const whole = await trainOn(device(), spec, data);
      const reports = await allOf(whole);
      const trainer = await trainOn(device(), spec, data);
      const stepped: EpochReport[] = [];
      const losses: number[] = [];
      for (let report = await trainer.step(); report; report = await trainer.step()) {
        losses.push(report.loss);
        if (report.epochReport) stepped.push(report.epochReport);
      }
      expect(withoutSeconds(stepped)).toEqual(withoutSeconds(reports));
      expect(losses).toEqual(reports.flatMap(({ stepLosses }) => stepLosses));
      whole.destroy();
      trainer.destroy();
    });

    test("previews change nothing, and show the images of the validation", async () => {
      const trainer = await trainOn(device(), spec, data);
      await trainer.preview([0]);
      const reports: EpochReport[] = [];
      for await (const report of trainer.epochs()) {
        reports.push(report);
        await trainer.preview([3, 1]);
      }
      const undisturbed = await trainOn(device(), spec, data);
      expect(withoutSeconds(reports)).toEqual(withoutSeconds(await allOf(undisturbed)));

      // 11 images in batches of 8: two slices.
      const all = Array.from({ length: 11 }, (_, image) => image);
      const { noisy, denoised } = await trainer.preview(all);
      const key = { seed: spec.seed, stream: streams.validationNoise, epoch: 0 };
      const { x: expected } = corruptBatch(
        { clean: data.validation.pixels },
        { rows: 6, columns: 5, channels: 1 },
        all,
        spec.noise,
        key,
      );
      noisy.forEach((value, index) => {
        expect(Math.abs(value - (expected[index] ?? Number.NaN))).toBeLessThan(1e-3);
      });
      const mean = (image: number) =>
        denoised
          .subarray(30 * image, 30 * (image + 1))
          .reduce(
            (sum, value, k) => sum + (value - (data.validation.pixels[30 * image + k] ?? 0) / 255) ** 2,
            0,
          ) / 30;
      const meanPsnr = all.reduce((sum, image) => sum + psnr(mean(image)), 0) / all.length;
      expect(meanPsnr).toBeCloseTo(reports.at(-1)?.record.valPsnr ?? Number.NaN, 4);
      trainer.destroy();
      undisturbed.destroy();
    });

    test("other seeds give other runs; fixed noise equals the first epoch's noise", async () => {
      const lossesOf = async (changes: Partial<TrainingSpec>) => {
        const trainer = await trainOn(device(), { ...spec, ...changes }, data);
        const losses = (await allOf(trainer)).map(({ stepLosses }) => stepLosses);
        trainer.destroy();
        return losses;
      };
      const fresh = await lossesOf({});
      const fixed = await lossesOf({ fixedNoise: true });
      expect(await lossesOf({ seed: 1 })).not.toEqual(fresh);
      expect(fixed[0]).toEqual(fresh[0]);
      expect(fixed[1]).not.toEqual(fresh[1]);
    });

    test.each(divergingRuns)(
      "$name end the run with epoch and step",
      async ({ spec, data, initial, step }) => {
        const trainer = await trainOn(device(), spec, data, { initial });
        await expect(allOf(trainer)).rejects.toThrow(
          new RegExp(`^The training diverged in epoch 1 at step ${step}: .* lower the learning rate\\.$`),
        );
        trainer.destroy();
      },
    );

    test("a learning rate that is far too high ends the run, and each later call reports it again", async () => {
      const wild = shortRun({
        ...{ hidden: [9], output: "linear", loss: "mse", epochs: 50 },
        optimizer: { name: "adam", lr: 100, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      });
      const trainer = await trainOn(device(), wild, data);
      await expect(allOf(trainer)).rejects.toThrow(
        /^The training diverged in epoch \d+ at step [1-5]: the loss grew to /,
      );
      await expect(allOf(trainer)).rejects.toThrow(/^The training diverged in epoch/);
      trainer.destroy();
    });

    test.each([
      [
        { batch: 38 },
        data,
        "The batch of 38 is larger than the training set, which has 37 images: lower the batch.",
      ],
      [{ epochs: 0 }, data, "The number of epochs must be a whole number from 1 to 1000000, but it is 0."],
      [{ shift: 17 }, data, "The shift must be a whole number from 0 to 16, but it is 17."],
      [{ shift: 0.5 }, data, "The shift must be a whole number from 0 to 16, but it is 0.5."],
      [{ seed: -1 }, data, "The seed must be a whole number from 0 to 4294967295, but it is -1."],
      [{ hidden: [] }, data, "A network needs 1 to 15 hidden layers, but 0 are given."],
      [{}, { ...data, validation: blobs("other", 3, 5, 6) }, "other"],
      [
        {},
        { ...data, noisyTrain: blobs("twin", 37, 6, 5), noisyValidation: blobs("twins", 11, 6, 5) },
        "twin holds measured noisy images",
      ],
      [
        {},
        { ...data, noisyTrain: blobs("twin", 37, 6, 5) },
        "Only one of the sets has noisy twins, twin: training",
      ],
      [
        { noise: { stages: [{ kind: "gaussian", setting: Number.NaN }], clip: true } as const },
        data,
        "The factor of Gaussian noise",
      ],
      [{ noise: noNoise }, { ...data, noisyTrain: blobs("twin", 36, 6, 5) }, "twin"],
    ])("refuses %o before anything is built", async (changes, images, message) => {
      await expect(trainOn(device(), { ...spec, ...changes }, images)).rejects.toThrow(message);
    });

    test("reports what is too large for the adapter", async () => {
      const wide = { ...spec, hidden: denseLayers(65_536, 65_536) };
      await expect(trainOn(device(), wide, data)).rejects.toThrow(
        /The buffer "parameters" needs \d+ MB, but the adapter .* allows \d+ MB per buffer\./,
      );
    });
  });
