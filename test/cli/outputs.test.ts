import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import sharp from "sharp";
import { expect, test } from "vitest";
import {
  denoised,
  goldenFile,
  goldenImages,
  goldenRun,
  readGolden,
  readHistory,
  readImages,
  readModel,
} from "./fixtures.ts";
import { unsnow, useFolder } from "./program.ts";

const files = ["history.csv", "history.json", "loss.svg", "model.safetensors", "samples.png"];

/** The mean over images of 10 log10(1 / MSE). */
function meanPsnr(outputs: readonly number[][], clean: readonly number[][]): number {
  const each = outputs.map((output, image) => {
    const squares = output.map((value, pixel) => (value - (clean[image]?.[pixel] ?? Number.NaN)) ** 2);
    return 10 * Math.log10(squares.length / squares.reduce((sum, square) => sum + square, 0));
  });
  return each.reduce((sum, value) => sum + value, 0) / each.length;
}

const folder = useFolder();
const shortRun = (seed: number) => [
  ...["train", "--data", goldenFile("odd", "train-clean.idx.gz"), "--hidden", "4", "--batch", "5"],
  ...["--epochs", "3", "--seed", `${seed}`, "--quiet"],
];
const modelOf = async (name: string, args: readonly string[]) => {
  const { code, stdout, stderr } = await unsnow([...args, "--out", folder(name)]);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: "" });
  return readFileSync(folder(`${name}/model.safetensors`));
};

test("the same seed gives the same bytes, and another seed gives other bytes", async () => {
  const first = await modelOf("first", shortRun(7));
  const again = await modelOf("again", shortRun(7));
  const other = await modelOf("other", shortRun(8));
  expect(again.equals(first)).toBe(true);
  expect(other.equals(first)).toBe(false);
});

test("the settings in history.json repeat the run; history.csv and loss.svg have the same epochs", async () => {
  const data = folder('a & b "<c>".idx.gz');
  copyFileSync(goldenFile("odd", "train-clean.idx.gz"), data);
  const args = [
    "--hidden",
    "4,3",
    "--loss",
    "mse",
    "--noise",
    "gaussian:0.25",
    "--fixed-noise",
    "--seed",
    "5",
  ];
  const more = [
    "--epochs",
    "3",
    "--batch",
    "5",
    "--lr",
    "0.5",
    "--rho",
    "0.9",
    "--epsilon",
    "1e-6",
    "--no-shuffle",
  ];
  await modelOf("history", ["train", "--data", data, ...args, ...more, "--quiet"]);

  const { settings, backend, adapter, epochs, stepLoss } = readHistory(folder("history/history.json"));
  expect(settings).toMatchObject({
    ...{ data, noise: "gaussian:0.25", fixedNoise: true, hidden: [4, 3], loss: "mse", epochs: 3, batch: 5 },
    ...{ shuffle: false, optimizer: "adadelta", lr: 0.5, rho: 0.9, epsilon: 1e-6, seed: 5 },
  });
  expect(backend).toBe("cpu");
  expect(adapter.name).toMatch(/^CPU \(WebAssembly, /);
  expect(stepLoss).toBeUndefined();
  expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);

  const [header, ...lines] = readFileSync(folder("history/history.csv"), "utf8").trimEnd().split("\n");
  expect(header).toBe("epoch,loss,valLoss,valPsnr,seconds");
  expect(lines.map((line) => line.split(",").map(Number))).toEqual(
    epochs.map(({ epoch, loss, valLoss, valPsnr, seconds }) => [epoch, loss, valLoss, valPsnr, seconds]),
  );
  const chart = await sharp(folder("history/loss.svg")).metadata();
  expect([chart.format, chart.width, chart.height]).toEqual(["svg", 720, 420]);
  expect(readFileSync(folder("history/loss.svg"), "utf8")).toContain(
    "a &amp; b &quot;&lt;c&gt;&quot;.idx.gz",
  );
});

test("the PSNR of denoised and of noisy images equals that of float64", async () => {
  const out = folder("psnr");
  const { code, stdout } = await unsnow(["train", ...goldenRun("odd"), "--out", out]);
  expect(code).toBe(0);
  const model = readModel(`${out}/model.safetensors`);
  const noisy = await readImages(goldenFile("odd", "val-noisy.idx.gz"));
  const clean = await readImages(goldenFile("odd", "val-clean.idx.gz"));
  const expected = meanPsnr(
    noisy.map((image) => denoised(model, image)),
    clean,
  );
  const { epochs } = readHistory(`${out}/history.json`);
  expect(epochs.at(-1)?.valPsnr).toBeCloseTo(expected, 4);
  expect(stdout).toContain(
    `${expected.toFixed(2)} dB denoised, ${meanPsnr(noisy, clean).toFixed(2)} dB noisy`,
  );
  expect(stdout).toContain(`${readGolden("odd").epochValLoss.at(-1)?.toFixed(5)}`);
  expect(stdout).toContain(out);
});

test("samples.png has the noisy, the denoised and the clean images in three rows", async () => {
  const out = folder("samples");
  await modelOf("samples", ["train", ...goldenRun("odd"), "--quiet"]);
  const model = readModel(`${out}/model.safetensors`);
  const noisy = await readImages(goldenFile("odd", "val-noisy.idx.gz"));
  const clean = await readImages(goldenFile("odd", "val-clean.idx.gz"));
  const { data, info } = await sharp(`${out}/samples.png`)
    .toColourspace("b-w")
    .raw()
    .toBuffer({ resolveWithObject: true });
  // Nine images of 5 x 7, each pixel 12 x 12, with gaps of 4.
  expect([info.width, info.height, info.channels]).toEqual([9 * 88 - 4, 3 * 64 - 4, 1]);
  const rows = [noisy, noisy.map((image) => denoised(model, image)), clean];
  rows.forEach((images, row) => {
    images.forEach((image, column) => {
      image.forEach((value, pixel) => {
        const x = column * 88 + (pixel % 7) * 12 + 5;
        const y = row * 64 + Math.floor(pixel / 7) * 12 + 5;
        expect(Math.abs((data[y * info.width + x] ?? Number.NaN) - 255 * value)).toBeLessThan(0.51);
      });
    });
  });
});

test("without --out each run gets its own folder in the user's folder", async () => {
  const args = [
    "train",
    ...goldenImages("tiny"),
    "--epochs",
    "1",
    "--batch",
    "4",
    "--hidden",
    "2",
    "--quiet",
  ];
  for (let run = 0; run < 2; run++) {
    expect(await unsnow(args, { cwd: folder() })).toEqual({ code: 0, stdout: "", stderr: "" });
  }
  const runs = readdirSync(folder("runs"));
  expect(runs.length).toBe(2);
  for (const run of runs) {
    expect(run).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(-\d+)?$/);
    expect(readdirSync(folder(`runs/${run}`)).sort()).toEqual(files);
  }
});

test("--profile prints and writes the time by kernel", async () => {
  const out = folder("profile");
  const { code, stdout } = await unsnow(["train", ...goldenRun("odd"), "--profile", "--out", out]);
  expect(code).toBe(0);
  const { backend, kernels } = JSON.parse(readFileSync(`${out}/profile.json`, "utf8"));
  expect(backend).toBe("cpu");
  const launches = new Map(
    kernels.map(({ kernel, launches }: Record<string, unknown>) => [kernel, launches]),
  );
  // 4 epochs of 4 training and 2 validation steps.
  expect(launches.get("batch_metrics")).toBe(8);
  expect(stdout).toMatch(/^kernel +launches +total ms +mean us +share$/m);
  expect(stdout).toMatch(/^batch_metrics +8 +[\d.]+ +[\d.]+ +[\d.]+ %$/m);
  expect(stdout).not.toContain("GPU");
});
