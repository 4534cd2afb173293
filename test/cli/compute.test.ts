import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openComputer } from "../../src/cli/compute.ts";
import type { OpenedGpu } from "../../src/cli/io.ts";
import { DeviceError } from "../../src/device/device-error.ts";
import { goldenFile, goldenRun, readGolden, readHistory, readModel } from "./fixtures.ts";
import { unsnow, useFolder } from "./program.ts";

const folder = useFolder();

/** The tolerance of the GPU's golden runs. */
const tolerance = 1e-6;

test.each(["notebook", "odd", "tiny", "adam", "residual", "centred"])(
  "the CPU repeats PyTorch: %s",
  async (name) => {
    const out = folder(name);
    const run = ["train", ...goldenRun(name), "--quiet", "--out", out, "--backend", "cpu"];
    expect(await unsnow(run)).toEqual({ code: 0, stdout: "", stderr: "" });
    const golden = readGolden(name);
    const { epochs, stepLoss = [], adapter } = readHistory(`${out}/history.json`);
    expect(adapter.name).toMatch(/^CPU \(WebAssembly, (relaxed )?SIMD, \d+ threads?\)$/);
    expect(furthest(stepLoss, golden.stepLoss)).toBeLessThan(tolerance);
    const losses = epochs.map(({ loss }) => loss);
    const valLosses = epochs.map(({ valLoss }) => valLoss);
    expect(furthest(losses, golden.epochLoss)).toBeLessThan(tolerance);
    expect(furthest(valLosses, golden.epochValLoss)).toBeLessThan(tolerance);
    const trained = readModel(`${out}/model.safetensors`);
    readModel(goldenFile(name, "final.safetensors")).layers.forEach(({ weight, bias }, layer) => {
      expect(furthest(trained.layers[layer]?.weight ?? [], weight)).toBeLessThan(tolerance);
      expect(furthest(trained.layers[layer]?.bias ?? [], bias)).toBeLessThan(tolerance);
    });
  },
);

test("one thread and three write the same model", async () => {
  const models: Buffer[] = [];
  for (const threads of ["1", "3"]) {
    const out = folder(`threads-${threads}`);
    const run = [
      "train",
      ...goldenRun("odd"),
      "--quiet",
      "--out",
      out,
      "--backend",
      "cpu",
      "--threads",
      threads,
    ];
    expect((await unsnow(run)).code).toBe(0);
    models.push(readFileSync(`${out}/model.safetensors`));
  }
  expect(models[0]).toEqual(models[1]);
});

test.each([
  [["--backend", "gpu", "--threads", "2"], "--threads is for the CPU"],
  [["--threads", "0"], "The number of threads must be a whole number from 1 to 64"],
  [["--threads", "65"], "The number of threads must be a whole number from 1 to 64"],
  [["--backend", "tpu"], "Allowed choices are auto, gpu, cpu"],
])("%j is refused", async (options, sentence) => {
  const { code, stderr } = await unsnow([
    "train",
    ...goldenRun("tiny"),
    "--out",
    folder("refused"),
    ...options,
  ]);
  expect(code).not.toBe(0);
  expect(stderr).toContain(sentence);
});

test("without a GPU the CPU computes, and a line says why and how to have the GPU", async () => {
  const lines: string[] = [];
  const openGpu = async (): Promise<OpenedGpu> => {
    throw new DeviceError("WebGPU is not available here.", "unavailable");
  };
  const engine = await openComputer({ openGpu }, { threads: 2 }, (line) => lines.push(line));
  engine.close();
  expect(lines).toEqual([
    `Computing on ${engine.adapter.name}. WebGPU is not available here. --backend gpu uses only a GPU.`,
  ]);
  await expect(openComputer({ openGpu }, { backend: "gpu" }, () => {})).rejects.toThrow(
    "WebGPU is not available",
  );
});

/** The largest difference of two lists of one length. */
function furthest(got: ArrayLike<number>, want: ArrayLike<number>): number {
  expect(got.length).toBe(want.length);
  return Array.from(got).reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (want[index] ?? Number.NaN))),
    0,
  );
}
