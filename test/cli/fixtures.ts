import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import sharp from "sharp";
import { encodeIdx } from "../../src/data/idx.ts";
import { readImageSet } from "../../src/data/image-set.ts";
import { readModel as readModelOrWeights } from "../../src/formats/foreign-model.ts";
import type { RunHistory } from "../../src/formats/history.ts";
import { parseModel } from "../../src/formats/model-file.ts";
import type { OutputName } from "../../src/spec/layer-specs.ts";
import { parseLayers } from "../../src/spec/layer-text.ts";
import type { Model } from "../../src/spec/network.ts";

/** golden.json: a training run by PyTorch. */
export interface Golden {
  readonly network: {
    /** Widths of dense layers, or the text of the layers. */
    readonly hidden: readonly number[] | string;
    readonly image: readonly [number, number];
    readonly output: string;
    readonly channels?: number;
    readonly block?: number;
  };
  readonly loss: string;
  readonly batch: number;
  readonly epochs: number;
  readonly optimizer: { readonly name: string } & Readonly<Record<string, string | number>>;
  readonly schedule?: string;
  readonly centre?: boolean;
  readonly selfSupervised?: boolean;
  readonly mask?: string;
  readonly stepLoss: readonly number[];
  readonly epochLoss: readonly number[];
  readonly epochValLoss: readonly number[];
}

/** The path of a file of test/fixtures/golden. */
export function goldenFile(name: string, file: string): string {
  return fileURLToPath(new URL(`../fixtures/golden/${name}/${file}`, import.meta.url));
}

export function readGolden(name: string): Golden {
  return JSON.parse(readFileSync(goldenFile(name, "golden.json"), "utf8")) as Golden;
}

/** Options of train that name a case's images. */
export function goldenImages(name: string): string[] {
  const { selfSupervised, mask = "1x1" } = readGolden(name);
  if (selfSupervised) {
    return [
      ...[
        "--data",
        goldenFile(name, "train-noisy.idx.gz"),
        "--val-data",
        goldenFile(name, "val-noisy.idx.gz"),
      ],
      ...["--self-supervised", "--mask", mask],
    ];
  }
  return [
    ...["--data", goldenFile(name, "train-clean.idx.gz"), "--val-data", goldenFile(name, "val-clean.idx.gz")],
    ...[
      "--noisy",
      goldenFile(name, "train-noisy.idx.gz"),
      "--val-noisy",
      goldenFile(name, "val-noisy.idx.gz"),
    ],
  ];
}

/** The cases that are trained on both engines. */
export const goldenCases = [
  ...["notebook", "odd", "tiny", "adam", "residual", "centred"],
  ...["conv-tutorial", "conv-residual", "conv-blocks", "blind"],
] as const;

/** All options of train that repeat a case; images in colour are written to `folder` as PNG files. */
export async function goldenRunIn(folder: string, name: string): Promise<string[]> {
  const { network } = readGolden(name);
  if (network.channels !== 3) return goldenRun(name);
  const images = goldenImages(name);
  for (const [index, file] of images.entries()) {
    if (index % 2 === 1) images[index] = await picturesOf(file, join(folder, basename(file, ".idx.gz")));
  }
  return [...goldenRun(name, images), "--colour"];
}

/** Writes images [count, rows, 3 columns] of an IDX file as PNG files in colour; returns their folder. */
async function picturesOf(file: string, folder: string): Promise<string> {
  const { count, rows, columns, pixels } = await readImageSet(readFileSync(file), file);
  mkdirSync(folder, { recursive: true });
  const raw = { width: columns / 3, height: rows, channels: 3 } as const;
  for (let image = 0; image < count; image++) {
    const bytes = pixels.subarray(image * rows * columns, (image + 1) * rows * columns);
    await sharp(bytes, { raw })
      .png()
      .toFile(join(folder, `${String(image).padStart(3, "0")}.png`));
  }
  return folder;
}

/** All options of train that repeat a case. */
export function goldenRun(name: string, images = goldenImages(name)): string[] {
  const { network, loss, batch, epochs, optimizer, schedule = "constant", centre = false } = readGolden(name);
  const { name: optimizerName, ...settings } = optimizer;
  return [
    ...images,
    ...[
      "--hidden",
      [network.hidden].flat().join(","),
      "--loss",
      loss,
      "--batch",
      `${batch}`,
      "--epochs",
      `${epochs}`,
    ],
    ...["--output", network.output, "--optimizer", optimizerName, "--schedule", schedule],
    ...(centre ? ["--centre"] : []),
    ...(network.block ? ["--block", `${network.block}`] : []),
    ...Object.entries(settings).flatMap(([setting, value]) => [`--${setting}`, `${value}`]),
    ...["--init", goldenFile(name, "init.safetensors"), "--no-shuffle", "--log-steps"],
  ];
}

export function readHistory(path: string): RunHistory {
  return JSON.parse(readFileSync(path, "utf8")) as RunHistory;
}

export function readModel(path: string): Model {
  return parseModel(readFileSync(path), path);
}

/** The weights of a golden case after its training, as its network. */
export function finalModel(name: string): Model {
  const { network } = readGolden(name);
  const hidden = typeof network.hidden === "string" ? parseLayers(network.hidden) : undefined;
  const told = { image: network.image, output: network.output as OutputName, hidden };
  const file = goldenFile(name, "final.safetensors");
  return readModelOrWeights(readFileSync(file), file, told).model;
}

/** The images of an IDX file as numbers in [0, 1], one list per image. */
export async function readImages(path: string): Promise<number[][]> {
  const { count, rows, columns, pixels } = await readImageSet(readFileSync(path), path);
  const size = rows * columns;
  return Array.from({ length: count }, (_, image) =>
    Array.from(pixels.subarray(image * size, (image + 1) * size), (byte) => byte / 255),
  );
}

/** A model's output for an image, in float64. */
export function denoised({ layers }: Model, image: readonly number[]): number[] {
  return layers.reduce<number[]>(
    (input, { weight, bias }, index) =>
      Array.from(bias, (start, output) => {
        const z = input.reduce(
          (sum, x, i) => sum + x * (weight[output * input.length + i] ?? Number.NaN),
          start,
        );
        return index < layers.length - 1 ? Math.max(z, 0) : 1 / (1 + Math.exp(-z));
      }),
    [...image],
  );
}

/** Makes a program folder with few digits. */
export async function makeProgramOfFewDigits(folder: string): Promise<void> {
  const images = goldenFile("notebook", "val-clean.idx.gz");
  const { count } = await readImageSet(readFileSync(images), images);
  mkdirSync(`${folder}/digits`, { recursive: true });
  copyFileSync(images, `${folder}/digits/images.idx.gz`);
  const labels = Uint8Array.from({ length: count }, (_, image) => image % 10);
  writeFileSync(`${folder}/digits/labels.idx.gz`, gzipSync(encodeIdx([count], labels)));
}
