import { mkdirSync } from "node:fs";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { imageValues } from "../../src/spec/network.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";
import { buildProgram } from "./build-program.ts";
import { readHistory, readModel } from "./fixtures.ts";
import { unsnow, useFolder } from "./program.ts";

/** Writes pictures of the sizes, named 0.png and so on; returns their folder. */
async function writePictures(folder: string, sizes: readonly (readonly [number, number])[]): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const numbers = new MadeNumbers(folder);
  for (const [index, [height, width]] of sizes.entries()) {
    const raw = { width, height, channels: 3 } as const;
    await sharp(numbers.bytes(height * width * 3), { raw }).toFile(`${folder}/${index}.png`);
  }
  return folder;
}

const folder = useFolder();
// The digits are beside the built program.
beforeAll(buildProgram, 300_000);
const sizes = [
  [9, 12],
  [8, 8],
  [30, 7],
] as const;
const quick = ["--hidden", "5", "--epochs", "2", "--batch", "16", "--quiet"];
const patched = [
  "--patch",
  "5",
  "--patches",
  "64",
  "--val-patches",
  "20",
  "--loss",
  "mse",
  "--output",
  "residual",
];

test.each([
  ["grey", [], 25, 1],
  ["in colour", ["--colour", "--no-flips"], 75, 3],
] as const)("train on patches, %s", async (name, more, inputs, channels) => {
  const data = await writePictures(folder(`${name} pictures`), sizes);
  const out = folder(name);
  const args = ["train", "--data", data, ...patched, ...quick, ...more, "--optimizer", "adam"];
  const { code, stderr } = await unsnow([...args, "--schedule", "step:1:0.5", "--out", out]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const { network } = readModel(`${out}/model.safetensors`);
  expect(network).toMatchObject({ channels, image: [5, 5], output: "residual" });
  expect(imageValues(network)).toBe(inputs);
  const { settings, epochs } = readHistory(`${out}/history.json`);
  expect(settings).toMatchObject({
    ...{ patch: 5, patches: 64, valPatches: 20, flips: channels === 1, colour: channels === 3 },
    ...{
      optimizer: "adam",
      lr: 0.001,
      beta1: 0.9,
      beta2: 0.999,
      schedule: "step:1:0.5",
      output: "residual",
    },
  });
  expect(epochs.every(({ loss, valLoss }) => loss > 0 && valLoss > 0)).toBe(true);
  const { width, height } = await sharp(`${out}/samples.png`).metadata();
  expect(width).toBeGreaterThan(height);
});

test("train on whole pictures of one size, with twins of the same names", async () => {
  const clean = await writePictures(folder("clean"), [
    [6, 6],
    [6, 6],
    [6, 6],
    [6, 6],
    [6, 6],
  ]);
  const noisy = await writePictures(folder("noisy"), [
    [6, 6],
    [6, 6],
    [6, 6],
    [6, 6],
    [6, 6],
  ]);
  const args = ["train", "--data", clean, "--noisy", noisy, ...quick.slice(0, 4), "--batch", "2", "--quiet"];
  const { code, stderr } = await unsnow([...args, "--out", folder("whole")]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(readHistory(folder("whole/history.json")).settings).toMatchObject({ noise: "none" });
});

test("a folder named mnist is not used instead of the digits", async () => {
  mkdirSync(folder("beside/mnist"), { recursive: true });
  const { code, stderr } = await unsnow(["train", "--batch", "9999", "--out", folder("never")], {
    cwd: folder("beside"),
  });
  expect({ code, stderr: stderr.trim() }).toEqual({
    code: 1,
    stderr:
      "unsnow: The batch of 9999 is larger than the training set, which has 8000 images: lower the batch.",
  });
});

test.each([
  ["no patch size", [], "have different sizes"],
  ["a patch that is too large", ["--patch", "8"], "too few for a patch of 8 x 8"],
  ["a fraction of a patch", ["--patch", "2.5"], "The side of a patch must be a whole number from 1 to 256"],
  ["an output that the loss cannot take", ["--patch", "5", "--output", "linear"], "choose the loss mse"],
] as const)("%s is reported in one sentence", async (_what, more, message) => {
  const data = await writePictures(folder("many"), sizes);
  const { code, stderr } = await unsnow([
    "train",
    "--data",
    data,
    ...quick,
    ...more,
    "--out",
    folder("never"),
  ]);
  expect(code).toBe(1);
  expect(stderr).toContain(message);
  expect(stderr.trim().split("\n").length).toBe(1);
});
