import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cpu } from "../../src/cpu/cpu.ts";
import { threadHost } from "../../src/cpu/node-threads.ts";
import { encodeIdxHeader } from "../../src/data/idx.ts";
import { readImageSet } from "../../src/data/image-set.ts";
import { openNodeGpu } from "../../src/dawn/node-gpu.ts";
import type { Device } from "../../src/device/device.ts";
import { usualFamily } from "../../src/kernels/family.ts";
import { parameterCount } from "../../src/spec/network.ts";
import { digitFiles } from "../../vite/digits.ts";
import { type Effort, measureShape, median } from "../measure.ts";
import { digits, markdownTable } from "../report.ts";
import { networkOf, onDigits, type Shape } from "../shapes.ts";
import { workOf } from "./kernel-work.ts";
import { familySystem } from "./measure-kernels.ts";
import { runProgram } from "./program.ts";

/** Numbers of images, each ten times the previous one. */
const imageCounts = [1_000, 10_000, 100_000, 1_000_000];

/** From this number of images on, one epoch is enough for timing. */
const manyImages = 1_000_000;

/** Nodes of the hidden layer. */
const widths = [32, 64, 128, 256, 512, 1024, 2048];

/**
 * Measures in Node the program's cost for more images, up to `most`, and the cost of a training step for wider
 * layers.
 */
export async function measureScaling(
  most: number,
  settings: Effort,
  print: (text: string) => void,
  say: (progress: string) => void,
): Promise<void> {
  const counts = imageCounts.filter((count) => count <= most);
  print(
    `\n784-32-784, batch 128, the program from start to end\n\n${await imagesTable(counts, settings, say)}`,
  );
  const { gpu } = await openNodeGpu();
  for (const device of [await Cpu.open(threadHost), gpu]) {
    try {
      print(
        `\n784-width-784, batch 128, on ${device.adapter.name}\n\n${await widthsTable(device, settings, say)}`,
      );
    } finally {
      device.destroy();
    }
  }
}

/** Trains on and denoises generated files of images, each time with the program in a separate process. */
async function imagesTable(
  counts: readonly number[],
  { rounds }: Effort,
  say: (progress: string) => void,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "unsnow-scaling-"));
  const images = join(folder, "images.idx");
  const few = join(folder, "few.idx");
  const out = join(folder, "out");
  const model = join(folder, "out", "model.safetensors");
  const rows: string[][] = [];
  try {
    await writeDigits(few, 1);
    for (const count of counts) {
      say(`${count} images`);
      await writeDigits(images, count);
      const epochs = count < manyImages ? rounds : 1;
      const trained = runProgram(
        ...["train", "--data", images, "--val-data", few, "--epochs", `${epochs}`, "--out", out, "--quiet"],
      );
      const epoch = median(epochSeconds(join(out, "history.json")));
      const denoise = (data: string) => runProgram("denoise", "--model", model, "--data", data, "--out", out);
      const start = denoise(few).seconds;
      const denoised = denoise(images);
      const beyondStart = denoised.seconds - start;
      rows.push([
        `${count} images`,
        digits(epoch),
        digits((1e6 * epoch) / count),
        megabytes(trained.peakBytes),
        digits(denoised.seconds),
        beyondStart > start / 2 ? digits((1e6 * beyondStart) / count) : "too few",
        megabytes(denoised.peakBytes),
      ]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const head = ["", "s/epoch", "us/image", "peak MB", "s to denoise", "us/image, start aside", "peak MB"];
  return markdownTable([head, ...rows]);
}

/** Writes an IDX file with this many images, repeating the embedded digits. */
async function writeDigits(file: string, count: number): Promise<void> {
  const { count: known, rows, columns, pixels } = await readImageSet(digitFiles().images, "the digits");
  const written = openSync(file, "w");
  try {
    writeSync(written, encodeIdxHeader([count, rows, columns]));
    for (let left = count; left > 0; left -= known) {
      writeSync(written, pixels, 0, Math.min(left, known) * rows * columns);
    }
  } finally {
    closeSync(written);
  }
}

function epochSeconds(history: string): number[] {
  const { epochs } = JSON.parse(readFileSync(history, "utf8")) as { epochs: { seconds: number }[] };
  return epochs.map(({ seconds }) => seconds);
}

async function widthsTable(
  device: Device,
  settings: Effort,
  say: (progress: string) => void,
): Promise<string> {
  const rows: string[][] = [];
  for (const width of widths) {
    const shape: Shape = {
      ...onDigits,
      name: `width ${width}`,
      hidden: `${width}`,
      batch: 128,
      lossSteps: 2,
    };
    const network = networkOf(shape);
    const family = usualFamily(device, network, shape.batch);
    const [result] = await measureShape([familySystem(device, family)], shape, settings, say);
    if (!result || "failure" in result) throw new Error(result?.failure ?? "Nothing was measured.");
    const milliseconds = median(result.milliseconds);
    const parameters = parameterCount(network);
    const flops = Object.values(workOf(shape)).reduce((sum, work) => sum + work.flops, 0);
    rows.push([
      `${width}`,
      family,
      `${parameters}`,
      digits(milliseconds),
      `${digits(Math.min(...result.milliseconds))} - ${digits(Math.max(...result.milliseconds))}`,
      digits((1e6 * milliseconds) / parameters),
      digits(flops / milliseconds / 1e6),
      digits((1000 * milliseconds) / shape.batch),
    ]);
  }
  const head = [
    "width",
    "kernels",
    "parameters",
    "ms/step",
    "of the rounds",
    "ns/parameter",
    "GFLOP/s",
    "us/image",
  ];
  return markdownTable([head, ...rows]);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
