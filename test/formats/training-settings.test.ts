import { expect, test } from "vitest";
import { JsonFields } from "../../src/formats/json-fields.ts";
import { isJsonObject } from "../../src/formats/strict-json.ts";
import { readTrainingSettings, trainingSettings } from "../../src/formats/training-settings.ts";
import { denseLayers } from "../../src/spec/layers.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";
import { defaultAdam } from "../../src/spec/optimizer.ts";
import { defaultTraining, type TrainingSpec } from "../../src/spec/settings.ts";

function there(spec: TrainingSpec): unknown {
  return JSON.parse(JSON.stringify(trainingSettings(spec)));
}

const others: TrainingSpec = {
  hidden: denseLayers(512, 128, 512),
  block: 2,
  noiseMap: true,
  output: "linear",
  initialization: "he",
  centre: true,
  loss: "mse",
  noise: parseNoise("poisson:30+gaussian:0.02..0.1+unclipped"),
  noise2noise: true,
  selfSupervised: true,
  mask: { columns: 5, rows: 1 },
  shift: 3,
  fixedNoise: true,
  epochs: 7,
  batch: 31,
  shuffle: false,
  optimizer: { ...defaultAdam, lr: 0.02, beta1: 0.8, beta2: 0.99, epsilon: 1e-6 },
  schedule: { kind: "step", epochs: 3, factor: 0.5 },
  seed: 4_294_967_295,
};

test.each([["the default ones", defaultTraining] as const, ["all others", others] as const])(
  "settings are the same after writing and reading: %s",
  (_, spec) => {
    const json = there(spec);
    if (!isJsonObject(json)) throw new Error("no object");
    expect(readTrainingSettings(new JsonFields(json, "It"))).toEqual(spec);
  },
);

test("all settings are written, including default ones, with the names of the program's options", () => {
  expect(there(defaultTraining)).toEqual({
    ...{
      noise: "gaussian:0.5",
      noise2noise: false,
      selfSupervised: false,
      mask: "1x1",
      shift: 0,
      fixedNoise: false,
    },
    ...{ hidden: [32], block: 1, noiseMap: false, output: "sigmoid" },
    ...{ initialization: "glorot", centre: false, loss: "bce", epochs: 100, batch: 128, shuffle: true },
    ...{ optimizer: "adadelta", lr: 1, rho: 0.95, epsilon: 1e-7, schedule: "constant", seed: 0 },
  });
});
