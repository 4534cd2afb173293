import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseCheckpoint } from "../../src/formats/checkpoint.ts";
import { checkSameData, fingerprintOf } from "../../src/formats/data-fingerprint.ts";
import { denseLayers } from "../../src/spec/layers.ts";
import type { TrainingSpec } from "../../src/spec/settings.ts";
import { trainOn } from "../../src/training/device-run.ts";
import type { Trainer } from "../../src/training/trainer.ts";
import { useCpu } from "../support/open-cpu.ts";
import { blobData } from "../training/run-fixture.ts";

/**
 * A checkpoint that unsnow 0.1.0 wrote, in single precision. It must not be changed, so that users' saved runs can be read as
 * long as its version can be.
 */
const name = "version-1.unsnow-state";
const file = readFileSync(new URL(`../fixtures/checkpoints/${name}`, import.meta.url));

/** In full, because defaults may change, but not the file's contents. */
const spec: TrainingSpec = {
  hidden: denseLayers(3, 2),
  block: 1,
  noiseMap: false,
  output: "sigmoid",
  initialization: "glorot",
  centre: true,
  loss: "bce",
  noise: { stages: [{ kind: "gaussian", setting: 0.5 }], clip: true },
  noise2noise: false,
  selfSupervised: false,
  mask: { columns: 1, rows: 1 },
  shift: 0,
  fixedNoise: false,
  epochs: 4,
  batch: 8,
  shuffle: true,
  optimizer: { name: "adadelta", lr: 1, rho: 0.95, epsilon: 1e-7 },
  schedule: { kind: "step", epochs: 2, factor: 0.5 },
  seed: 0,
};

const cpu = useCpu();

test("a checkpoint of an earlier version is read, and its run continues", async () => {
  const checkpoint = parseCheckpoint(new Uint8Array(file), name);
  expect(checkpoint.spec).toEqual(spec);
  expect(checkpoint.epochs).toEqual([
    {
      epoch: 1,
      loss: 0.692637816917787,
      valLoss: 0.6916190471464888,
      valPsnr: 8.498398079797921,
      seconds: 0.25,
    },
  ]);
  expect(checkpoint).toMatchObject({
    number: 7,
    family: "tile16",
    state: { epoch: 1, step: 3, seconds: 0.125 },
  });

  const data = blobData(37, 11, 6, 5);
  checkSameData(await fingerprintOf(data), checkpoint.data, data, name);
  const lossesOf = async (trainer: Trainer) => {
    const losses: number[] = [];
    for await (const { record } of trainer.epochs()) losses.push(record.valLoss);
    trainer.destroy();
    return losses;
  };
  const whole = await lossesOf(await trainOn(cpu(), spec, data));
  const rest = await lossesOf(await trainOn(cpu(), spec, data, { state: checkpoint.state }));
  expect(rest.length).toBe(3);
  for (const [epoch, loss] of rest.entries()) expect(loss).toBeCloseTo(whole[epoch + 1] ?? Number.NaN, 5);
});
