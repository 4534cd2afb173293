import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { encodeIdx } from "../../src/data/idx.ts";
import { encodeModel } from "../../src/formats/model-file.ts";
import { encodeSafetensors } from "../../src/formats/safetensors.ts";
import { PictureDenoiser } from "../../src/network/picture-denoiser.ts";
import { autoencoder, endsOf } from "../../src/spec/network.ts";
import { noNoise } from "../../src/spec/noise.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";
import { sharedCpu } from "../support/open-cpu.ts";
import { buildProgram } from "./build-program.ts";
import { denoised, goldenFile, goldenImages, readHistory, readImages, readModel } from "./fixtures.ts";
import { unsnow, useFolder } from "./program.ts";
import { type Scores, scoresOf, smoothed } from "./scores.ts";

const [rows, columns] = [12, 14];
const size = rows * columns;

/** What --json writes. */
interface Results {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly images: { readonly evaluated: number; readonly tuned: number };
  /** The best filter, and the network's lead in dB. */
  readonly lead?: { readonly filter: string; readonly psnr: number };
  readonly results: readonly (Scores & {
    readonly name: string;
    readonly strength?: number;
    readonly corrected?: boolean;
    readonly perImage?: { readonly [K in keyof Scores]: number[] };
  })[];
}

/** Bright discs of many places and sizes: [count, rows, columns]. */
function discs(count: number, made: MadeNumbers): Uint8Array {
  const bytes = new Uint8Array(count * size);
  for (let image = 0; image < count; image++) {
    const [y, x, radius] = [made.next(3, 9), made.next(3, 11), made.next(2, 5)];
    for (let pixel = 0; pixel < size; pixel++) {
      const away = Math.hypot(Math.floor(pixel / columns) - y, (pixel % columns) - x);
      bytes[image * size + pixel] = away < radius ? 200 : 40;
    }
  }
  return bytes;
}

const snowy = (clean: Uint8Array, made: MadeNumbers) => clean.map((byte) => byte + made.next(-40, 40));

const folder = useFolder();
// Filters run on threads of the built program.
beforeAll(buildProgram, 300_000);

const evaluate = async (args: readonly string[]) => {
  const outcome = await unsnow(["evaluate", ...args, "--json", folder("results.json"), "--per-image"]);
  expect(outcome.stderr).not.toMatch(/unsnow:/);
  expect(outcome.code).toBe(0);
  const results = JSON.parse(readFileSync(folder("results.json"), "utf8")) as Results;
  const row = (name: string) => results.results.find((each) => each.name === name);
  return { ...outcome, ...results, row };
};
const twins = () => [
  ...["--data", folder("train.idx"), "--noisy", folder("train-noisy.idx")],
  ...["--val-data", folder("val.idx"), "--val-noisy", folder("val-noisy.idx")],
];

beforeAll(() => {
  const made = new MadeNumbers("evaluate");
  const network = autoencoder([rows, columns], [5]);
  const layers = network.layers
    .map((layer) => endsOf([layer]))
    .map(({ inputs, outputs }) => ({
      weight: made.floats(inputs * outputs, -0.3, 0.3),
      bias: made.floats(outputs),
    }));
  writeFileSync(folder("made.safetensors"), encodeModel({ network, layers }));
  const measured = encodeModel({ network, layers }, { noise: noNoise, seed: 0 });
  writeFileSync(folder("measured.safetensors"), measured);
  for (const [name, count] of [["train", 10] as const, ["val", 6] as const]) {
    const clean = discs(count, made);
    writeFileSync(folder(`${name}.idx`), encodeIdx([count, rows, columns], clean));
    writeFileSync(folder(`${name}-noisy.idx`), encodeIdx([count, rows, columns], snowy(clean, made)));
  }
});

test.each([
  ["where they are fastest", []],
  ["on JavaScript threads", ["--filters-on", "cpu"]],
])(
  "the scores are those of float64 outputs, and the table shows their means: filters %s",
  async (_, place) => {
    const filters = ["--filters", "median,gaussian,gaussian", ...place];
    const args = ["--model", folder("made.safetensors"), ...twins(), ...filters];
    const { stdout, results, images, lead, row } = await evaluate(args);
    expect(images).toEqual({ evaluated: 6, tuned: 10 });
    expect(results.map(({ name }) => name)).toEqual(["noisy", "median", "gaussian", "network"]);
    expect(row("gaussian")).toMatchObject({ corrected: false });

    const [clean, noisy] = [await readImages(folder("val.idx")), await readImages(folder("val-noisy.idx"))];
    const model = readModel(folder("made.safetensors"));
    const strength = row("gaussian")?.strength ?? Number.NaN;
    const outputs = {
      noisy,
      gaussian: noisy.map((image) => smoothed(image, { rows, columns }, strength)),
      network: noisy.map((image) => denoised(model, image)),
    };
    for (const [name, images] of Object.entries(outputs)) {
      const expected = images.map((image, index) => scoresOf(image, clean[index] ?? [], { rows, columns }));
      for (const score of ["psnr", "ssim", "bce", "mse"] as const) {
        const each = expected.map((scores) => scores[score]);
        expect(row(name)?.perImage?.[score].length).toBe(6);
        row(name)?.perImage?.[score].forEach((value, index) => {
          expect(value, `${score} of image ${index}, ${name}`).toBeCloseTo(each[index] ?? Number.NaN, 5);
        });
        const mean = each.reduce((sum, value) => sum + value, 0) / each.length;
        expect(row(name)?.[score], `mean ${score}, ${name}`).toBeCloseTo(mean, 5);
      }
      const line = stdout.split("\n").find((text) => text.startsWith(`${name} `));
      const { psnr = 0, ssim = 0, bce = 0, mse = 0 } = row(name) ?? {};
      const cells = [psnr.toFixed(2), ssim.toFixed(4), bce.toFixed(4), mse.toFixed(5)];
      expect(line?.split(/\s+/).slice(1, 5)).toEqual(cells);
    }
    const [network = 0, gaussian = 0, median = 0] = ["network", "gaussian", "median"].map(
      (name) => row(name)?.psnr,
    );
    const behind = Math.max(gaussian, median) - network;
    // Random weights denoise badly.
    expect(behind).toBeGreaterThan(1);
    const best =
      gaussian > median ? { filter: "gaussian", title: "Gaussian" } : { filter: "median", title: "median" };
    expect(lead).toEqual({ filter: best.filter, psnr: expect.closeTo(-behind, 10) });
    expect(stdout).toContain(
      `The network's mean PSNR is ${behind.toFixed(2)} dB lower than that of the best filter, ${best.title}.`,
    );
    // Smoothing helps: otherwise its strength would be 0 and its row that of the noisy images.
    expect(strength).toBeGreaterThan(0.25);
    expect(stdout).toContain(`6 images of ${folder("val.idx")}, the measured ${folder("val-noisy.idx")}`);
    expect(stdout).toContain(`The filters were tuned on 10 images of ${folder("train.idx")}.`);
  },
);

test("filters are not tuned on the images that are evaluated", async () => {
  // If these are clean, every filter makes them worse, however noisy the evaluated ones are.
  const data = ["--data", folder("train.idx"), "--noisy", folder("train.idx")];
  const val = ["--val-data", folder("val.idx"), "--val-noisy", folder("val-noisy.idx")];
  const all = ["--model", folder("made.safetensors"), ...data, ...val, "--tune-count", "4"];
  const { results, images, row } = await evaluate(all);
  expect(images.tuned).toBe(4);
  expect(results.length).toBe(10);
  for (const { name, strength, psnr } of results.slice(1, -1)) {
    expect({ name, strength }).toEqual({ name, strength: 0 });
    expect(psnr).toBeCloseTo(row("noisy")?.psnr ?? Number.NaN, 4);
  }
});

test.each([
  ["sigmoid", "bce"],
  ["residual", "mse"],
])(
  "the network's PSNR equals the training's, with a %s output and the noise in the model file",
  async (output, loss) => {
    const noise = "mask:0.2+gaussian:0.1..0.6";
    const network = ["--hidden", "6", "--output", output, "--loss", loss];
    const training = [...network, "--epochs", "3", "--batch", "4", "--noise", noise, "--seed", "9"];
    const out = folder(`trained ${output}`);
    const data = ["--data", folder("train.idx")];
    const { code } = await unsnow(["train", ...data, ...training, "--quiet", "--out", out]);
    expect(code).toBe(0);
    const { settings, images, stdout, row } = await evaluate([
      ...["--model", `${out}/model.safetensors`, ...data, "--filters", "gaussian"],
    ]);
    expect(settings).toMatchObject({ noise, seed: 9 });
    expect(images).toEqual({ evaluated: 2, tuned: 8 });
    const last = readHistory(`${out}/history.json`).epochs.at(-1);
    expect(Math.abs((row("network")?.psnr ?? Number.NaN) - (last?.valPsnr ?? 0))).toBeLessThan(1e-3);
    if (loss === "bce")
      expect(Math.abs((row("network")?.bce ?? Number.NaN) - (last?.valLoss ?? 0))).toBeLessThan(1e-4);
    expect(stdout).toContain(`noise ${noise}`);

    const other = await evaluate([
      ...["--model", `${out}/model.safetensors`, ...data, "--filters", "none"],
      ...["--noise", "gaussian:0.5", "--seed", "10"],
    ]);
    expect(other.settings).toMatchObject({ noise: "gaussian:0.5", seed: 10, filters: [] });
    expect(other.results.map(({ name }) => name)).toEqual(["noisy", "network"]);
    expect(other.lead).toBeUndefined();
    expect(other.stdout).not.toContain("best filter");
    expect(other.row("noisy")?.psnr).not.toBe(row("noisy")?.psnr);
  },
);

test("images too small for SSIM are evaluated without it", async () => {
  const model = goldenFile("odd", "final.safetensors");
  const { stdout, row } = await evaluate([
    ...["--model", model, ...goldenImages("odd"), "--filters", "median"],
  ]);
  expect(stdout).not.toMatch(/PSNR dB\s+SSIM/);
  expect(stdout).toContain("There is no SSIM: it needs 11 x 11 pixels.");
  expect(row("network")?.ssim).toBeUndefined();
});

test("whole pictures of a folder are evaluated one by one", async () => {
  const write = async (name: string, pictures: readonly Uint8Array[]) => {
    mkdirSync(folder(name), { recursive: true });
    for (const [index, pixels] of pictures.entries()) {
      // Two sizes from the same bytes.
      const [height, width] = index === 0 ? [2 * rows, columns] : [rows, 2 * columns];
      await sharp(pixels, { raw: { width, height, channels: 1 } })
        .toColourspace("b-w")
        .png()
        .toFile(folder(`${name}/${index}.png`));
    }
  };
  const made = new MadeNumbers("pictures");
  const clean = Array.from({ length: 3 }, () => discs(2, made));
  const noisy = clean.map((picture) => snowy(picture, made));
  await write("clean", clean);
  await write("snowy", noisy);
  await write("clean-val", clean.slice(0, 2));
  await write("snowy-val", noisy.slice(0, 2));
  const folders = ["--data", folder("clean"), "--noisy", folder("snowy")];
  const val = ["--val-data", folder("clean-val"), "--val-noisy", folder("snowy-val")];
  const model = ["--model", folder("made.safetensors"), ...folders, ...val];
  const { images, settings, row } = await evaluate([...model, "--filters", "gaussian", "--stride", "5"]);
  expect(images).toEqual({ evaluated: 2, tuned: 3 });
  expect(settings).toMatchObject({ stride: 5 });
  const strength = row("gaussian")?.strength ?? Number.NaN;
  const network = await PictureDenoiser.create(await sharedCpu(), readModel(folder("made.safetensors")), {
    stride: 5,
  });
  const shapes = [
    { rows: 2 * rows, columns },
    { rows, columns: 2 * columns },
  ];
  const expected: Record<"noisy" | "gaussian" | "network", Scores>[] = [];
  for (const [index, shape] of shapes.entries()) {
    const [from = [], to = []] = [noisy, clean].map((set) => Array.from(set[index] ?? [], (b) => b / 255));
    const picture = { ...shape, channels: 1, values: Float32Array.from(from) };
    const { values } = await network.denoisePicture(picture);
    expected.push({
      noisy: scoresOf(from, to, shape),
      gaussian: scoresOf(smoothed(from, shape, strength), to, shape),
      network: scoresOf(Array.from(values), to, shape),
    });
  }
  for (const name of ["noisy", "gaussian", "network"] as const) {
    for (const score of ["psnr", "ssim", "bce", "mse"] as const) {
      expected.forEach((scores, index) => {
        expect(row(name)?.perImage?.[score][index], `${score}, ${name}`).toBeCloseTo(scores[name][score], 5);
      });
    }
  }
  // Windows of the default stride overlap at other places.
  const usual = await evaluate([...model, "--filters", "none"]);
  expect(usual.row("network")?.psnr).not.toBe(row("network")?.psnr);
});

test.each([
  [
    "images of another size",
    ["--model", "F/made.safetensors", "--data", goldenFile("odd", "val-clean.idx.gz")],
    /made\.safetensors denoises images of 12 x 14 pixels, but those of .*val-clean\.idx\.gz have 5 x 7\.$/,
  ],
  [
    "a model of measured noise without noisy images",
    ["--model", "F/measured.safetensors", "--data", "F/train.idx"],
    /measured\.safetensors was trained without added noise, so it needs --noisy, .* or --noise\.$/,
  ],
  [
    "nothing to tune on",
    ["--model", "F/made.safetensors", "--data", "F/train.idx", "--tune-count", "0"],
    /The number of images to tune on must be a whole number from 1 to 1000000, but it is 0\.$/,
  ],
  [
    "a stride for images of one size",
    ["--model", "F/made.safetensors", "--data", "F/train.idx", "--stride", "2"],
    /^unsnow: --stride is for a folder of pictures, but .*train\.idx is not one\.$/,
  ],
  [
    "a negative seed",
    ["--model", "F/made.safetensors", "--data", "F/train.idx", "--seed", "-1"],
    /The seed must be a whole number from 0 to 4294967295, but it is -1\.$/,
  ],
  [
    "results that cannot be written",
    ["--model", "F/made.safetensors", "--data", "F/train.idx", "--json", "F/val.idx/results.json"],
    /val\.idx cannot be written: there is a file of that name already\.$/,
  ],
])("refuses %s, in one sentence", async (_, args, message) => {
  const place = args.map((arg) => arg.replace(/^F\//, `${folder()}/`));
  const { code, stdout, stderr } = await unsnow(["evaluate", ...place]);
  expect(stderr).toMatch(/^unsnow: [^\n]+\n$/);
  expect(stderr.trimEnd()).toMatch(message);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
});

test("a foreign network for colour: its image's channels, and grey images", async () => {
  const zeros = (...shape: number[]) => ({
    shape,
    values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  });
  const written = (name: string, inputs: number[], outputs: number[]) => {
    const tensors = new Map([
      ["0.weight", zeros(...inputs)],
      ["2.weight", zeros(...outputs)],
    ]);
    writeFileSync(folder(name), encodeSafetensors(tensors));
    return folder(name);
  };
  const run = (model: string, image: string) =>
    unsnow([
      "evaluate",
      "--model",
      model,
      "--image",
      image,
      "--data",
      folder("train.idx"),
      "--filters",
      "none",
    ]);
  const dense = written("dense.safetensors", [4, 3 * size], [3 * size, 4]);
  const sides = await run(dense, "12x14");
  expect(sides).toMatchObject({ code: 1, stdout: "" });
  expect(sides.stderr).toBe(
    `unsnow: ${dense} takes ${3 * size} values, three for each of 12 x 14 pixels: give the image as 12x14x3, in colour.\n`,
  );
  const grey = await run(dense, "12x14x3");
  expect(grey.code).toBe(1);
  expect(grey.stderr).toContain(
    `unsnow: ${dense} denoises colour pictures, but the images of ${folder("train.idx")} are grey: give a folder of pictures in colour.\n`,
  );
  // Convolutions take grey pictures too, channel by channel, and their channels show in their weights.
  const convolutions = written("convolutions.safetensors", [2, 3, 3, 3], [3, 2, 3, 3]);
  expect((await run(convolutions, "12x14")).code).toBe(0);
});

test("Ctrl-C ends it with exit code 130, and nothing is written", async () => {
  let interrupted = false;
  const model = ["--model", folder("made.safetensors"), ...twins()];
  mkdirSync(folder("stopped"));
  const { code, stdout, stderr } = await unsnow(
    ["evaluate", ...model, "--json", folder("stopped/results.json")],
    {
      onStderr: (text, interrupt) => {
        if (interrupted || !/^gaussian: strength/m.test(text)) return;
        interrupted = true;
        interrupt();
      },
    },
  );
  expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
  expect(stderr).toContain("Stopping; nothing is written.");
  expect(readdirSync(folder("stopped"))).toEqual([]);
});
