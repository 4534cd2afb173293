// Trains exported runs in PyTorch, on one process and on several, and compares every step.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeIdx } from "../../src/data/idx.ts";
import type { ByteImageSet } from "../../src/data/image-set.ts";
import { holdOutPictures, type PictureSet } from "../../src/data/picture-set.ts";
import { encodeCheckpoint, parseCheckpoint } from "../../src/formats/checkpoint.ts";
import { fingerprintOf } from "../../src/formats/data-fingerprint.ts";
import { parseModel } from "../../src/formats/model-file.ts";
import { checkpointRun, modelRun, torchrunFiles } from "../../src/formats/torchrun.ts";
import { parseTrainingNote } from "../../src/formats/training-note.ts";
import { trainingSettings } from "../../src/formats/training-settings.ts";
import { patchTable } from "../../src/math/patch-table.ts";
import { streams } from "../../src/math/streams.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import { placePatches } from "../../src/reference/place-patches.ts";
import { ReferenceTrainer } from "../../src/reference/train.ts";
import { autoencoder } from "../../src/spec/network.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";
import type { TrainingSpec } from "../../src/spec/settings.ts";
import { trainOn } from "../../src/training/device-run.ts";
import type { EpochRecord } from "../../src/training/history.ts";
import type { TrainingData } from "../../src/training/run-data.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";
import { sharedCpu } from "../support/open-cpu.ts";
import { findPython, runPython } from "../support/python.ts";
import { blobData, blobs, shortRun, shortRuns } from "../training/run-fixture.ts";

const python = findPython("torch", "numpy");
const pillow = findPython("torch", "numpy", "PIL");

/** Losses in float32 on both sides. */
const tolerance = 1e-5;

/** A run: the checkpoint after some steps, and the losses of all later steps and epochs. */
async function runWhole(spec: TrainingSpec, data: TrainingData<ByteImageSet>, stepsBefore: number) {
  const trainer = await trainOn(await sharedCpu(), spec, data);
  const epochs: EpochRecord[] = [];
  const losses: number[] = [];
  let checkpoint: Uint8Array<ArrayBuffer> | undefined;
  for (let step = 0; ; step++) {
    if (step === stepsBefore) {
      checkpoint = encodeCheckpoint({
        number: 1,
        settings: { data: "train.idx", valData: "val.idx", ...trainingSettings(spec) },
        adapter: { name: "the CPU", software: false },
        family: trainer.family,
        data: await fingerprintOf(data),
        state: await trainer.state(),
        epochs,
      });
    }
    const report = await trainer.step();
    if (!report) break;
    if (step >= stepsBefore) losses.push(report.loss);
    if (report.epochReport) epochs.push(report.epochReport.record);
  }
  if (!checkpoint) throw new Error("The run is shorter than that.");
  return {
    run: checkpointRun(parseCheckpoint(checkpoint, "checkpoint")),
    losses,
    epochs,
    model: await trainer.weights(),
  };
}

/** A free port of this machine. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** The rows of history.csv as numbers. */
function readRows(path: string): number[][] {
  const [head, ...lines] = readFileSync(path, "utf8").trim().split("\n");
  expect(head).toBe("epoch,loss,valLoss,valPsnr,seconds");
  return lines.map((line) => line.split(",").map(Number));
}

function expectNear(found: readonly number[], wanted: readonly number[], within = tolerance): void {
  expect(found.length).toBe(wanted.length);
  found.forEach((value, index) => {
    const want = wanted[index] ?? Number.NaN;
    if (value !== want) expect(Math.abs(value - want), `number ${index}`).toBeLessThan(within);
  });
}

describe.skipIf(python === undefined)("a run that continues in PyTorch", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "unsnow-torchrun-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Writes a project and its images to a folder of this name, and trains; returns the folder and the losses of its steps. */
  async function train(
    name: string,
    files: ReadonlyMap<string, string | Uint8Array>,
    data: TrainingData<ByteImageSet>,
    processes: number,
  ) {
    const place = join(folder, name);
    mkdirSync(place);
    for (const [file, content] of files) writeFileSync(join(place, file), content);
    const idx = ({ count, rows, columns, pixels }: ByteImageSet) => encodeIdx([count, rows, columns], pixels);
    writeFileSync(join(place, "train.idx"), idx(data.train));
    writeFileSync(join(place, "val.idx"), idx(data.validation));
    const twins =
      data.noisyTrain && data.noisyValidation ? ["--noisy", "noisy.idx", "--val-noisy", "val-noisy.idx"] : [];
    if (data.noisyTrain) writeFileSync(join(place, "noisy.idx"), idx(data.noisyTrain));
    if (data.noisyValidation) writeFileSync(join(place, "val-noisy.idx"), idx(data.noisyValidation));
    // PyTorch 1.13 cannot parse the default, which does not copy the processes' output to files, in Python 3.11.
    const logs = ["--redirects", "1", "--tee", "1", "--log_dir", join(place, "logs")];
    const launcher = [
      ...[
        "-m",
        "torch.distributed.run",
        "--nproc_per_node",
        `${processes}`,
        "--master_port",
        `${await freePort()}`,
      ],
      ...logs,
    ];
    const args = [
      "train.py",
      "--data",
      "train.idx",
      "--val-data",
      "val.idx",
      ...twins,
      "--log-steps",
      "steps.txt",
    ];
    const outcome = await runPython(python ?? "", [...(processes > 1 ? launcher : []), ...args], {
      cwd: place,
    });
    expect(outcome.code, outcome.stderr).toBe(0);
    const steps = readFileSync(join(place, "steps.txt"), "utf8").trim().split("\n").map(Number);
    return { place, steps };
  }

  /** Continues a run after a number of steps and compares everything that follows. */
  async function expectSame(
    name: string,
    spec: TrainingSpec,
    data: TrainingData<ByteImageSet>,
    { stepsBefore, processes }: { stepsBefore: number; processes: number },
  ) {
    const { run, losses, epochs, model } = await runWhole(spec, data, stepsBefore);
    const { place, steps } = await train(name, torchrunFiles(run), data, processes);
    expectNear(steps, losses);
    const rows = readRows(join(place, "history.csv"));
    expect(rows.map(([epoch]) => epoch)).toEqual(epochs.map(({ epoch }) => epoch));
    expectNear(
      rows.flatMap(([, loss = 0, valLoss = 0]) => [loss, valLoss]),
      epochs.flatMap(({ loss, valLoss }) => [loss, valLoss]),
    );
    expectNear(
      rows.map(([, , , psnr = 0]) => psnr),
      epochs.map(({ valPsnr }) => valPsnr),
      1e-3,
    );

    const bytes = readFileSync(join(place, "model.safetensors"));
    const written = parseModel(bytes, "model.safetensors");
    expect(written.network).toEqual(model.network);
    written.layers.forEach(({ weight, bias }, index) => {
      expectNear(
        [...weight, ...bias],
        [...(model.layers[index]?.weight ?? []), ...(model.layers[index]?.bias ?? [])],
        1e-4,
      );
    });
    expect(parseTrainingNote(bytes, "model.safetensors")).toEqual({
      ...{ noise: spec.noise, seed: spec.seed },
      ...(spec.selfSupervised && { selfSupervised: true, mask: spec.mask }),
    });
  }

  test.each(shortRuns.map(({ name, spec, data }, index) => [name, index, spec, data] as const))(
    "does the same steps as unsnow: %s",
    async (_, index, spec, data) => {
      // In the middle of an epoch, in the middle of its validation, and before its start.
      const stepsBefore = [2, 0, 1][index % 3] ?? 0;
      await expectSame(`run-${index}`, spec, data, { stepsBefore, processes: 1 });
    },
  );

  test.each([
    "gaussian:0.1..0.6+unclipped",
    "uniform:0.5",
    "uniform:0.1..0.6^-2",
    "gaussian:0.1..0.6^-1",
    "gaussian:0..0.6^2",
    "salt-pepper:0.3",
    "speckle:0.5",
    "mask:0.4",
    "blur:0.3..2+bands:0.1",
    "poisson:20",
    "poisson-gaussian:5..60:0.02",
  ])("adds the same noise to images as unsnow: %s", async (noise) => {
    const spec = shortRun({ hidden: [6], epochs: 1, noise: parseNoise(noise), seed: 3 });
    await expectSame(`noise-${noise.replaceAll(/\W/g, "-")}`, spec, blobData(40, 11, 6, 5), {
      stepsBefore: 0,
      processes: 1,
    });
  });

  test("shifts images like unsnow, including the pixels around them", async () => {
    const noise = parseNoise("blur:1+uniform:0.1");
    const spec = shortRun({ hidden: [6], epochs: 2, shift: 3, noise, seed: 5 });
    await expectSame("shift", spec, blobData(40, 11, 6, 5), { stepsBefore: 0, processes: 1 });
  });

  test.each([
    ["Adadelta, batches of odd shares", shortRun({ hidden: [9], epochs: 3, batch: 7 })],
    [
      "Adam, a short last batch of one",
      shortRun({
        ...{ hidden: [7, 5], output: "residual", loss: "mse", initialization: "he", epochs: 3, batch: 9 },
        optimizer: { name: "adam", lr: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-4 },
        schedule: { kind: "cosine" },
      }),
    ],
  ])("does the same steps in two processes: %s", async (name, spec) => {
    await expectSame(`two ${name}`, spec, blobData(37, 11, 6, 5), { stepsBefore: 7, processes: 2 });
  });

  test.skipIf(pillow === undefined)("cuts the same patches out of pictures as unsnow", async () => {
    const side = 4;
    const patches = { side, count: 21, validation: 10, flips: true };
    const noise = parseNoise("blur:0.3..1+gaussian:0.1+unclipped");
    const spec = shortRun({ hidden: [6], loss: "mse", noise, patches, shuffle: false });
    const network = autoencoder([side, side], spec.hidden, { channels: 3 });
    const layers = initialWeights(network, spec.seed);
    const numbers = new MadeNumbers("pictures");
    const sizes = [
      [9, 7],
      [4, 4],
      [6, 20],
      [12, 5],
      [8, 8],
    ] as const;
    const set = {
      name: "photos",
      channels: 3,
      pictures: sizes.map(([rows, columns], index) => {
        const pixels = Uint8Array.from({ length: rows * columns * 3 }, () => numbers.next(0, 256));
        return { name: `${index}.png`, rows, columns, channels: 3, pixels };
      }),
    };
    const place = join(folder, "patches");
    mkdirSync(join(place, "photos"), { recursive: true });
    for (const { name, rows, columns, pixels } of set.pictures) {
      const raw = { width: columns, height: rows, channels: 3 } as const;
      await sharp(pixels, { raw })
        .png()
        .toFile(join(place, "photos", name));
    }
    const run = modelRun({ network, layers }, spec);
    const files = torchrunFiles({ ...run, spec, data: { data: "photos", colour: true } });
    for (const [file, content] of files) writeFileSync(join(place, file), content);
    const outcome = await runPython(pillow ?? "", ["train.py", "--log-steps", "steps.txt"], { cwd: place });
    expect(outcome.code, outcome.stderr).toBe(0);

    const { train, validation } = holdOutPictures(set);
    const cut = (part: PictureSet, count: number, drawStream: number, epoch: number) => {
      const table = patchTable(part.pictures, side, 3);
      const { seed } = spec;
      const places = placePatches(table, { count, side, channels: 3, flips: true, seed, drawStream, epoch });
      return { count, table, places, clean: part.pictures.flatMap(({ pixels }) => [...pixels]) };
    };
    const reference = new ReferenceTrainer(spec, network, layers);
    const losses: number[] = [];
    const valLosses: number[] = [];
    for (let epoch = 0; epoch < spec.epochs; epoch++) {
      losses.push(...reference.epoch(cut(train, patches.count, streams.trainingPatches, epoch)));
      valLosses.push(reference.validate(cut(validation, patches.validation, streams.validationPatches, 0)));
    }
    expectNear(readFileSync(join(place, "steps.txt"), "utf8").trim().split("\n").map(Number), losses);
    expectNear(
      readRows(join(place, "history.csv")).map(([, , valLoss = 0]) => valLoss),
      valLosses,
    );
  });

  test("refuses images that it was not trained on, and names what it needs", async () => {
    const spec = shortRun({ hidden: [5] });
    const { run, model } = await runWhole(spec, blobData(24, 8, 6, 5), 2);
    const place = join(folder, "others");
    mkdirSync(place);
    const others = blobs("others", 24, 6, 5);
    writeFileSync(join(place, "others.idx"), encodeIdx([24, 6, 5], others.pixels));
    for (const [file, content] of torchrunFiles(run)) writeFileSync(join(place, file), content);
    const args = ["train.py", "--data", "others.idx", "--val-data", "others.idx"];
    const refused = await runPython(python ?? "", args, { cwd: place });
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toBe(
      "others.idx is not what the run was trained on; use --other-data to train on it anyway.\n",
    );
    expect(await runPython(python ?? "", [...args, "--other-data"], { cwd: place })).toMatchObject({
      code: 0,
    });

    for (const [file, content] of torchrunFiles(modelRun(model, spec)))
      writeFileSync(join(place, file), content);
    const nameless = await runPython(python ?? "", ["train.py"], { cwd: place });
    expect(nameless.stderr).toBe("Name the clean images to train on with --data.\n");
    const anew = await runPython(python ?? "", ["train.py", "--data", "others.idx", "--epochs", "1"], {
      cwd: place,
    });
    // There are fewer than 128 images, so all of them are one batch.
    expect(anew.code, anew.stderr).toBe(0);
    expect(readRows(join(place, "history.csv")).map(([epoch]) => epoch)).toEqual([1]);
  });
});
