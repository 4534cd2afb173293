// Whether training with Noise2Noise is as good as training with clean pictures: a statistical test.

import { expect, test } from "vitest";
import type { ByteImageSet } from "../../src/data/image-set.ts";
import { fromBytes } from "../../src/data/pixel-bytes.ts";
import { type Stream, streams } from "../../src/math/streams.ts";
import { meanPsnr } from "../../src/metrics/psnr.ts";
import { denseLayers } from "../../src/spec/layers.ts";
import { noNoise } from "../../src/spec/noise.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";
import { defaultAdam } from "../../src/spec/optimizer.ts";
import { defaultTraining, type TrainingSpec } from "../../src/spec/settings.ts";
import { trainOn } from "../../src/training/device-run.ts";
import type { TrainingData } from "../../src/training/run-data.ts";
import { firstOf, noisyTwins, readDigits } from "../support/digits.ts";
import { useGpu } from "../support/open-gpu.ts";

const gpu = useGpu();

const spec: TrainingSpec = {
  ...defaultTraining,
  hidden: denseLayers(64),
  // The minimum of the squared error is the mean of the noisy versions: without bias, that is the clean picture.
  loss: "mse",
  noise: noNoise,
  epochs: 4,
  batch: 32,
  optimizer: { ...defaultAdam, lr: 0.006 },
  schedule: { kind: "cosine" },
};

/** Two standard deviations from the minimum and the maximum of the dim digits, so that few values are clipped. */
const noise = parseNoise("gaussian:0.125");

/** Digits with values from a quarter to three quarters of white. */
function dim(digits: ByteImageSet): ByteImageSet {
  return { ...digits, pixels: digits.pixels.map((byte) => Math.round(64 + byte / 2)) };
}

test("Noise2Noise, which is never given a clean digit, denoises almost as well as training with clean ones", async () => {
  const digits = await readDigits();
  const train = dim(firstOf(digits.train, 4000));
  const validation = dim(firstOf(digits.validation, 200));
  const shot = (set: ByteImageSet, stream: Stream, epoch: number) =>
    noisyTwins(set, noise, { seed: 0, stream, epoch });
  const noisyTrain = shot(train, streams.trainingNoise, 0);
  const noisyValidation = shot(validation, streams.validationNoise, 0);

  /** The mean PSNR against the clean held-out digits, in dB, before and after the trained network. */
  const psnrs = async (noise2noise: boolean, data: TrainingData<ByteImageSet>) => {
    const trainer = await trainOn(gpu(), { ...spec, noise2noise }, data);
    try {
      for await (const _ of trainer.epochs());
      const images = Array.from({ length: validation.count }, (_, image) => image);
      const { noisy, denoised } = await trainer.preview(images);
      const clean = fromBytes(validation.pixels);
      return { noisy: meanPsnr(noisy, clean, 784), denoised: meanPsnr(denoised, clean, 784) };
    } finally {
      trainer.destroy();
    }
  };

  const withClean = await psnrs(false, { train, validation, noisyTrain, noisyValidation });
  const withNoisy = await psnrs(true, {
    train: shot(train, streams.trainingNoise, 1),
    validation: shot(validation, streams.validationNoise, 1),
    noisyTrain,
    noisyValidation,
  });
  const result =
    `noisy ${withNoisy.noisy.toFixed(2)} dB, Noise2Noise ${withNoisy.denoised.toFixed(2)} dB, ` +
    `with clean digits ${withClean.denoised.toFixed(2)} dB`;
  console.info(result);
  expect(withNoisy.denoised, result).toBeGreaterThan(withNoisy.noisy + 2);
  expect(withNoisy.denoised, result).toBeGreaterThan(withClean.denoised - 1);
});
