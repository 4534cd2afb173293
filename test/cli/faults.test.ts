import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { encodeIdx } from "../../src/data/idx.ts";
import { goldenFile } from "./fixtures.ts";
import { unsnow, useFolder } from "./program.ts";

/** Files in --out from an earlier run. */
const earlier = [
  "model.safetensors",
  "history.json",
  "history.csv",
  "loss.svg",
  "samples.png",
  "profile.json",
];

const odd = (file: string) => goldenFile("odd", `${file}.idx.gz`);
const clean = ["--data", odd("train-clean")];
const paired = [...clean, "--noisy", odd("train-noisy"), "--val-data", odd("val-clean")];
const small = [...clean, "--batch", "4"];

/** Options of train, and the sentence of their error; F/ is the folder of the files made below. */
const cases: readonly (readonly [what: string, args: readonly string[], message: RegExp])[] = [
  [
    "no such file",
    ["--data", "F/absent.idx"],
    /absent\.idx cannot be read: there is no such file or folder\.$/,
  ],
  ["a folder of no pictures", ["--data", "F/empty"], /empty holds no pictures \(\.png, .*\)\.$/],
  ["a folder as labels", [...small, "--labels", "F/empty"], /empty cannot be read: it is a folder\.$/],
  ["not an IDX file", ["--data", "F/text.idx"], /text\.idx is not an IDX file/],
  [
    "IDX of floats",
    ["--data", "F/floats.idx"],
    /floats\.idx is an IDX file of 32-bit floats, but only unsigned bytes/,
  ],
  [
    "a truncated IDX header",
    ["--data", "F/header.idx"],
    /header\.idx is truncated: .* 16 bytes, but the file has 10\.$/,
  ],
  [
    "a truncated IDX file",
    ["--data", "F/short.idx"],
    /short\.idx is truncated: .* need 24 bytes of data, but there are 23\.$/,
  ],
  [
    "bytes left over",
    ["--data", "F/long.idx"],
    /long\.idx has bytes left over: .* need 24 bytes of data, but there are 25\.$/,
  ],
  ["an IDX file of labels", ["--data", "F/labels.idx"], /labels\.idx does not hold images/],
  [
    "truncated gzip",
    ["--data", "F/short.idx.gz"],
    /short\.idx\.gz cannot be unpacked: .* truncated or damaged\.$/,
  ],
  ["no image", ["--data", "F/none.idx"], /none\.idx holds no pixels/],
  [
    "one image only",
    ["--data", "F/one.idx", "--batch", "1"],
    /one\.idx has 1 images, too few to hold out 20 %/,
  ],
  ["too few labels", [...small, "--labels", "F/labels.idx"], /24 images and .*labels\.idx has 6 labels\.$/],
  [
    "pairs of other counts",
    [...clean, "--noisy", odd("val-noisy")],
    /val-noisy\.idx\.gz \[9, 5, 7\] and .*train-clean\.idx\.gz \[24, 5, 7\] differ\.$/,
  ],
  [
    "pairs of other shapes",
    [...clean, "--noisy", "F/turned.idx"],
    /turned\.idx \[24, 7, 5\] and .*train-clean\.idx\.gz \[24, 5, 7\] differ\.$/,
  ],
  [
    "validation pairs that differ",
    [...paired, "--val-noisy", odd("train-noisy")],
    /train-noisy\.idx\.gz \[24, 5, 7\] and .*val-clean\.idx\.gz \[9, 5, 7\] differ\.$/,
  ],
  [
    "validation images of another size",
    [...clean, "--val-data", goldenFile("tiny", "val-clean.idx.gz")],
    /\[24, 5, 7\] and .*tiny\/val-clean\.idx\.gz \[2, 3, 3\] differ\.$/,
  ],
  [
    "--init of another network",
    [...small, "--hidden", "6", "--init", goldenFile("odd", "init.safetensors")],
    /init\.safetensors are those of 35-6-1-6-35 .*, but the run's network is 35-6-35 /,
  ],
  [
    "--init for images of another shape",
    [
      "--data",
      "F/turned.idx",
      "--batch",
      "4",
      "--hidden",
      "6,1,6",
      "--init",
      goldenFile("odd", "init.safetensors"),
    ],
    /5 x 7 pixels, but the run's network is .* 7 x 5 pixels\.$/,
  ],
  ["--init that is not a model", [...small, "--init", "F/text.idx"], /text\.idx is not a safetensors file/],
  [
    "a batch larger than the set",
    [...clean, "--batch", "20"],
    /The batch of 20 is larger than the training set, which has 19 images: lower the batch\.$/,
  ],
  [
    "no epochs",
    [...small, "--epochs", "0"],
    /The number of epochs must be a whole number from 1 to 1000000, but it is 0\.$/,
  ],
  [
    "half an epoch",
    [...small, "--epochs", "1.5"],
    /The number of epochs must be a whole number .* it is 1\.5\.$/,
  ],
  [
    "no batch",
    [...clean, "--batch", "0"],
    /The batch must be a whole number from 1 to 65536, but it is 0\.$/,
  ],
  [
    "a shift beyond sixteen pixels",
    [...small, "--shift", "17"],
    /The shift must be a whole number from 0 to 16, but it is 17\.$/,
  ],
  [
    "a negative seed",
    [...small, "--seed", "-1"],
    /The seed must be a whole number from 0 to 4294967295, but it is -1\.$/,
  ],
  ["a seed of 33 bits", [...small, "--seed", "4294967296"], /The seed must be .* it is 4294967296\.$/],
  [
    "a negative learning rate",
    [...small, "--lr", "-1"],
    /The learning rate \(lr\) must be a number from 0 to 1000, but it is -1\.$/,
  ],
  [
    "an infinite learning rate",
    [...small, "--lr", "Infinity"],
    /The learning rate \(lr\) must be .* it is Infinity\.$/,
  ],
  ["rho of 1", [...small, "--rho", "1"], /rho must be a number from 0 to 0\.9999999, but it is 1\.$/],
  ["epsilon of 0", [...small, "--epsilon", "0"], /epsilon must be a number from .* it is 0\.$/],
  [
    "a layer without nodes",
    [...small, "--hidden", "4,0"],
    /The width of a hidden layer must be a whole number from 1 to 65536, but it is 0\.$/,
  ],
  [
    "too many layers",
    [...small, "--hidden", new Array(16).fill(4).join(",")],
    /A network needs 1 to 15 hidden layers, but 16 are given\.$/,
  ],
  [
    "too much noise",
    [...small, "--noise", "gaussian:11"],
    /The factor of Gaussian noise must be a number from 0 to 10, but it is 11\.$/,
  ],
];

const folder = useFolder();
const place = (args: readonly string[]) => args.map((arg) => arg.replace(/^F\//, `${folder()}/`));

beforeAll(() => {
  const idx = encodeIdx([4, 2, 3], new Uint8Array(24));
  const files: Readonly<Record<string, string | Uint8Array>> = {
    "text.idx": "These are words, and no images at all.",
    "floats.idx": Uint8Array.of(0, 0, 0x0d, 1, 0, 0, 0, 0),
    "header.idx": idx.subarray(0, 10),
    "short.idx": idx.subarray(0, -1),
    "long.idx": Buffer.concat([idx, Uint8Array.of(0)]),
    "labels.idx": encodeIdx([6], new Uint8Array(6)),
    "short.idx.gz": readFileSync(odd("train-clean")).subarray(0, -20),
    "none.idx": encodeIdx([0, 28, 28], new Uint8Array(0)),
    "one.idx": encodeIdx([1, 2, 2], new Uint8Array(4)),
    "turned.idx": encodeIdx([24, 7, 5], new Uint8Array(24 * 35)),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(folder(name), content);
  mkdirSync(folder("out"));
  mkdirSync(folder("empty"));
  for (const name of earlier) writeFileSync(folder(`out/${name}`), `the old ${name}`);
});

const expectUntouched = (names: readonly string[]) => {
  expect(readdirSync(folder("out")).sort()).toEqual([...earlier].sort());
  for (const name of names) expect(readFileSync(folder(`out/${name}`), "utf8")).toBe(`the old ${name}`);
};

test.each(cases)("%s", async (_, args, message) => {
  const { code, stdout, stderr } = await unsnow(["train", ...place(args), "--out", folder("out"), "--quiet"]);
  expect(stderr).toMatch(/^unsnow: [^\n]+\n$/);
  expect(stderr.trimEnd()).toMatch(message);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expectUntouched(earlier);
});
