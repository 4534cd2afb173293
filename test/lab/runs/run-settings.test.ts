import { expect, test } from "vitest";
import { differingSettings, imagesText } from "../../../src/lab/runs/run-settings.ts";
import { denseLayers } from "../../../src/spec/layers.ts";
import { noNoise } from "../../../src/spec/noise.ts";
import { defaultAdam } from "../../../src/spec/optimizer.ts";
import type { TrainingSpec } from "../../../src/spec/settings.ts";
import { smallRun } from "./fixtures.ts";

const withSpec = (change: Partial<TrainingSpec>) => ({ ...smallRun, spec: { ...smallRun.spec, ...change } });

test("runs with the same settings have no differences", () => {
  expect(differingSettings([smallRun, withSpec({})])).toEqual([]);
  expect(differingSettings([])).toEqual([]);
});

test("only the settings that differ are listed, in the form's order", () => {
  expect(
    differingSettings([smallRun, withSpec({ seed: 7, loss: "mse" }), withSpec({ epochs: 2000 })]),
  ).toEqual([
    { title: "Loss", values: ["bce", "mse", "bce"] },
    { title: "Epochs", values: ["3", "3", "2,000"] },
    { title: "Seed", values: ["0", "7", "0"] },
  ]);
});

test("a setting that only some runs have is listed as missing in the others", () => {
  const rows = differingSettings([smallRun, withSpec({ optimizer: defaultAdam })]);
  expect(Object.fromEntries(rows.map(({ title, values }) => [title, values]))).toEqual({
    Optimizer: ["adadelta", "adam"],
    "Learning rate": ["1", "0.001"],
    Rho: ["0.95", undefined],
    "Beta 1": [undefined, "0.9"],
    "Beta 2": [undefined, "0.999"],
    Epsilon: ["1e-7", "1e-8"],
  });
});

/** Every setting of a run, changed. A setting that is missing here would make no difference. */
test.each<[keyof TrainingSpec, Partial<TrainingSpec>]>([
  ["hidden", { hidden: denseLayers(3) }],
  ["output", { output: "linear" }],
  ["initialization", { initialization: "he" }],
  ["centre", { centre: true }],
  ["loss", { loss: "mse" }],
  ["noise", { noise: noNoise }],
  ["noise2noise", { noise2noise: true }],
  ["shift", { shift: 2 }],
  ["fixedNoise", { fixedNoise: true }],
  ["epochs", { epochs: 4 }],
  ["batch", { batch: 1 }],
  ["shuffle", { shuffle: false }],
  ["optimizer", { optimizer: { ...defaultAdam, beta1: 0.5 } }],
  ["schedule", { schedule: { kind: "cosine" } }],
  ["seed", { seed: 1 }],
])("another %s is a difference", (_, change) => {
  expect(differingSettings([smallRun, withSpec(change)])).not.toEqual([]);
});

test("images are described by their number, their size and the user's files", () => {
  const { images } = smallRun;
  expect(imagesText(images)).toBe("200 digits, 3 × 2 pixels");
  expect(imagesText({ ...images, files: ["a.idx"] })).toBe("200 images from a.idx, 3 × 2 pixels");
});
