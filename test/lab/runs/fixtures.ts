import fc from "fast-check";
import { encodeModel } from "../../../src/formats/model-file.ts";
import { families } from "../../../src/kernels/family.ts";
import type { EpochScores, KeptModel, KeptRun } from "../../../src/lab/runs/run-record.ts";
import { spotAlone } from "../../../src/spec/blind-spots.ts";
import { denseLayers } from "../../../src/spec/layers.ts";
import { autoencoder, endsOf } from "../../../src/spec/network.ts";
import { parseNoise } from "../../../src/spec/noise-text.ts";
import { adadeltaPresets, defaultAdam } from "../../../src/spec/optimizer.ts";
import {
  defaultTraining,
  initializationNames,
  lossNames,
  type TrainingSpec,
} from "../../../src/spec/settings.ts";
import type { EpochRecord } from "../../../src/training/history.ts";
import { wideEnough } from "../settings/trainings.ts";

/** A run of two epochs on images of 2 x 3 pixels. */
export const smallRun: KeptRun = {
  id: "one",
  name: "first try",
  created: Date.UTC(2025, 6, 21, 14, 3, 5, 250),
  adapter: { name: "SwiftShader (google swiftshader)", software: true },
  kernels: "tile16",
  images: { files: [], rows: 2, columns: 3, trainingImages: 200, validationImages: 20 },
  spec: { ...defaultTraining, hidden: denseLayers(2), epochs: 3 },
  epochs: [
    { epoch: 1, loss: 0.5, valLoss: 0.4, valPsnr: 10.25, seconds: 0.1 },
    { epoch: 2, loss: 0.3, valLoss: 0.2, valPsnr: 12.5, seconds: 0.2 },
  ],
  scores: [{ epoch: 2, psnr: 12, ssim: 0.5 }],
};

/** A model that fits a run, with a different number in every position. */
export function modelFor({ images, spec, epochs }: KeptRun): KeptModel {
  const { hidden, output } = spec;
  const network = autoencoder([images.rows, images.columns], hidden, { output });
  let next = 0;
  const numbers = (length: number) => Float32Array.from({ length }, () => Math.sin(++next));
  const layers = network.layers
    .map((layer) => endsOf([layer]))
    .map(({ inputs, outputs }) => ({
      weight: numbers(inputs * outputs),
      bias: numbers(outputs),
    }));
  return { epoch: epochs.length, step: 7, bytes: encodeModel({ network, layers }, spec) };
}

export const runFileOf = async (parts: BlobPart[]) => new Uint8Array(await new Blob(parts).arrayBuffer());

/** The run without -0, which JSON cannot represent. */
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const endless = fc.oneof(finite, fc.constant(Number.POSITIVE_INFINITY));

const specs: fc.Arbitrary<TrainingSpec> = fc
  .record({
    hidden: fc
      .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 })
      .map((widths) => denseLayers(...widths)),
    block: fc.constant(1),
    noiseMap: fc.constant(false),
    output: fc.constant("sigmoid" as const),
    initialization: fc.constantFrom(...initializationNames),
    centre: fc.boolean(),
    loss: fc.constantFrom(...lossNames),
    noise: fc.constantFrom("none", "gaussian:0.5", "blur:1+gaussian:0.1..0.5+unclipped").map(parseNoise),
    noise2noise: fc.boolean(),
    // Only convolutions learn from blind spots.
    selfSupervised: fc.constant(false),
    mask: fc.constant(spotAlone),
    shift: fc.integer({ min: 0, max: 16 }),
    fixedNoise: fc.boolean(),
    epochs: fc.integer({ min: 5, max: 1_000_000 }),
    batch: fc.integer({ min: 1, max: 200 }),
    shuffle: fc.boolean(),
    optimizer: fc.constantFrom(adadeltaPresets.keras3, { ...defaultAdam, lr: 0.0123456789 }),
    schedule: fc.constantFrom(
      { kind: "constant" as const },
      { kind: "cosine" as const },
      { kind: "step" as const, epochs: 7, factor: 0.3 },
    ),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  })
  // The largest images below are of 4 x 4.
  .map((spec) => wideEnough(spec, 4 * 4));

const records: fc.Arbitrary<EpochRecord[]> = fc
  .array(fc.record({ loss: finite, valLoss: finite, valPsnr: endless, seconds: finite }), { maxLength: 5 })
  .map((found) => found.map((record, index) => ({ epoch: index + 1, ...record })));

/** Any run of small images that the page can store. */
export const runs: fc.Arbitrary<KeptRun> = fc
  .record({
    id: fc.string(),
    name: fc.constantFrom("784-32-784, adam", "größer als zuvor", "試し 2", "<b>&amp;</b>"),
    created: fc.integer({ min: 0, max: 4e12 }),
    adapter: fc.record({ name: fc.string({ maxLength: 50 }), software: fc.boolean() }),
    kernels: fc.option(fc.constantFrom(...families), { nil: undefined }),
    images: fc.record({
      files: fc.array(fc.constantFrom("a.idx", "labels.idx.gz"), { maxLength: 4 }),
      rows: fc.integer({ min: 1, max: 4 }),
      columns: fc.integer({ min: 1, max: 4 }),
      trainingImages: fc.integer({ min: 200, max: 60_000 }),
      validationImages: fc.integer({ min: 1, max: 10_000 }),
    }),
    spec: specs,
    epochs: records,
    withSsim: fc.boolean(),
  })
  .map(({ withSsim, ...run }) => {
    const scores = run.epochs.map(
      ({ epoch, valPsnr }): EpochScores => ({ epoch, psnr: valPsnr, ssim: withSsim ? 0.25 : undefined }),
    );
    return { ...run, scores };
  });
