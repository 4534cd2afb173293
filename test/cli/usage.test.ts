import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { goldenFile } from "./fixtures.ts";
import { unsnow, useFolder } from "./program.ts";

const data = ["train", "--data", goldenFile("odd", "train-clean.idx.gz")];
const noisy = ["--noisy", goldenFile("odd", "train-noisy.idx.gz")];
const valData = ["--val-data", goldenFile("odd", "val-clean.idx.gz")];
const valNoisy = ["--val-noisy", goldenFile("odd", "val-noisy.idx.gz")];
const denoised = ["denoise", "--model", "m"];
const evaluated = ["evaluate", "--model", "m", "--data", "mnist"];

const cases: readonly (readonly [message: RegExp, args: readonly string[]])[] = [
  [/unknown option '--epoch'/, [...data, "--epoch", "3"]],
  [/too many arguments/, [...data, "stray"]],
  [/unknown command 'trian'/, ["trian"]],
  [/option '--data <file>' argument missing/, ["train", "--data"]],
  [
    /^unsnow: name a model with --model, as photo, or learn from the pictures alone with --self\n$/,
    ["denoise", "--data", "mnist"],
  ],
  [
    /'--epochs <count>' argument 'abc' is invalid\. The number of epochs must be a number, but "abc" is given\./,
    [...data, "--epochs", "abc"],
  ],
  [/The batch must be a number, but "12x" is given\./, [...data, "--batch", "12x"]],
  [/The learning rate \(lr\) must be a number, but nothing is given\./, [...data, "--lr", ""]],
  [/The batch must be a number, but "0x20" is given\./, [...data, "--batch", "0x20"]],
  [/'--noisy <file>' argument '' is invalid\. It is empty\./, [...data, "--noisy", ""]],
  [/'--model <file>' argument '' is invalid\. It is empty\./, ["denoise", "--model", "", "--data", "mnist"]],
  [/"x" is not a hidden layer: write/, [...data, "--hidden", "32,x,32"]],
  [/An empty place is not a hidden layer: write/, [...data, "--hidden", "32,,32"]],
  [/"abc" is not a number\./, [...data, "--noise", "gaussian:abc"]],
  [/The noise "salt" is not known: write none, gaussian:0\.5, uniform:0\.5,/, [...data, "--noise", "salt"]],
  [/'huber' is invalid\. Allowed choices are bce, mse\./, [...data, "--loss", "huber"]],
  [/--noise gaussian:0\.5 cannot be added\./, [...data, ...noisy, "--noise", "gaussian:0.5"]],
  [/--noisy with --val-data needs --val-noisy/, [...data, ...noisy, ...valData]],
  [/--patches, --val-patches and --no-flips need --patch/, [...data, "--patches", "64"]],
  [/--patches, --val-patches and --no-flips need --patch/, [...data, "--no-flips"]],
  [/--val-noisy needs --val-data/, [...data, ...noisy, ...valNoisy]],
  [/--val-noisy needs --noisy/, [...data, ...valData, ...valNoisy]],
  [/required option '--data <file>' not specified/, ["evaluate", "--model", "m"]],
  [
    /The filter "blur" is not known: write none, or some of gaussian,median,/,
    [...evaluated, "--filters", "blur"],
  ],
  [/"0\/4" is not a shard: write 1\/8 to 8\/8\./, ["denoise", "--model", "m", "a.png", "--shard", "0/4"]],
  [/"5\/4" is not a shard/, ["denoise", "--model", "m", "a.png", "--shard", "5/4"]],
  [/"28" is not an image size: write 28x28/, ["denoise", "--model", "m", "a.png", "--image", "28"]],
  [/name what to export with --model or --checkpoint/, ["export"]],
  [/--model and --checkpoint cannot be exported together/, ["export", "--model", "m", "--checkpoint", "c"]],
  [/--dtype is for --format safetensors/, ["export", "--model", "m", "--format", "onnx", "--dtype", "F16"]],
  [
    /--image, --hidden and --output are for --model; a checkpoint describes its network/,
    ["export", "--checkpoint", "c", "--output", "linear"],
  ],
  [/--per-image needs --json, the file for the scores\./, [...evaluated, "--per-image"]],
  [/--val-noisy needs --noisy/, [...evaluated, ...valData, ...valNoisy]],
  [/--checkpoint cannot be given with --resume/, ["train", "--checkpoint", "a", "--resume", "b"]],
  [/--every needs --checkpoint/, ["train", "--every", "2"]],
  [/^unsnow: name the pictures to denoise, or give an IDX file with --data\n$/, [...denoised]],
  [/^unsnow: pictures and --data cannot be denoised together\n$/, [...denoised, "a.png", "--data", "mnist"]],
  [
    /^unsnow: --stride, --blend, --range and --force are for pictures, not for --data\n$/,
    [...denoised, "--data", "mnist", "--stride", "2"],
  ],
  [
    /^unsnow: --stride, --blend, --range and --force are for pictures, not for --data\n$/,
    [...denoised, "--data", "mnist", "--force"],
  ],
  [/^unsnow: --blend must be auto or from 0 to 1, but it is 2\n$/, [...denoised, "a.png", "--blend", "2"]],
  [/"wide" is not a number\./, [...denoised, "a.png", "--stride", "wide"]],
  [/^unsnow: the name of a picture is empty\n$/, [...denoised, ""]],
  [
    /--self learns from the pictures alone, so it cannot be given with --model/,
    [...denoised, "--self", "a.png"],
  ],
  [
    /--self learns from pictures, so it cannot be given with --data/,
    ["denoise", "--self", "--data", "mnist"],
  ],
  [
    /--stride is for models, so it cannot be given with --self/,
    ["denoise", "--self", "a.png", "--stride", "2"],
  ],
  [
    /--steps must be a multiple of 20 from 20 to 1000000, but it is 30\n$/,
    ["denoise", "--self", "a.png", "--steps", "30"],
  ],
  [/--steps is for --self, which trains a network/, [...denoised, "a.png", "--steps", "300"]],
  [/--self-supervised learns from --data alone, which is noisy/, [...data, ...noisy, "--self-supervised"]],
  [
    /The mask must be columns x rows, as 5x1, but "5" is given\./,
    [...data, "--self-supervised", "--mask", "5"],
  ],
];

const folder = useFolder();

test.each(cases)("%s", async (message, args) => {
  const [command = "", ...rest] = args;
  const out = command === "trian" || command === "evaluate" ? [] : ["--out", folder("out")];
  // --out is first, so that a last option without its argument stays last.
  const { code, stdout, stderr } = await unsnow([command, ...out, ...rest]);
  expect(stderr).toMatch(/^unsnow: /);
  expect(stderr).toMatch(message);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(existsSync(folder("out"))).toBe(false);
});

test("a missing command is an error that shows the help", async () => {
  const { code, stderr } = await unsnow([]);
  expect(code).toBe(2);
  expect(stderr).toContain("Usage: unsnow");
});

test.each([
  [["--help"], "Commands:"],
  [["train", "--help"], "--fixed-noise"],
  [
    ["train", "--help"],
    "salt-pepper:P            a pixel becomes black or white, each with probability P / 2",
  ],
  [["denoise", "--help"], "denoised.idx"],
  [["evaluate", "--help"], "non-local-means  standard deviation of the noise"],
  [["info", "--help"], "Usage: unsnow info"],
  [["--version"], "0.1.0"],
])("%j is not an error", async (args, text) => {
  const { code, stdout, stderr } = await unsnow(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain(text);
});
