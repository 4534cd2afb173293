import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type ComputeOptions, openComputer } from "../../src/cli/compute.ts";
import type { OpenedGpu } from "../../src/cli/io.ts";
import { roundingOf } from "../../src/device/adapter.ts";
import type { Device } from "../../src/device/device.ts";
import { DeviceError } from "../../src/device/device-error.ts";
import {
  finalModel,
  goldenCases,
  goldenRun,
  goldenRunIn,
  readGolden,
  readHistory,
  readModel,
} from "./fixtures.ts";
import { type Surroundings, unsnow, useFolder } from "./program.ts";

const folder = useFolder();

/** The tolerance of the GPU's golden runs. */
const tolerance = 1e-6;

test.each(goldenCases)("the CPU gives PyTorch's results: %s", async (name) => {
  const out = folder(name);
  const run = ["train", ...(await goldenRunIn(out, name)), "--quiet", "--out", out, "--backend", "cpu"];
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
  finalModel(name).layers.forEach(({ weight, bias }, layer) => {
    expect(furthest(trained.layers[layer]?.weight ?? [], weight)).toBeLessThan(tolerance);
    expect(furthest(trained.layers[layer]?.bias ?? [], bias)).toBeLessThan(tolerance);
  });
});

test("one thread and two write the same model", async () => {
  const models: Buffer[] = [];
  for (const threads of ["1", "2"]) {
    const out = folder(`threads-${threads}`);
    const run = ["train", ...goldenRun("odd"), "--quiet", "--out", out];
    expect((await unsnow([...run, "--backend", "cpu", "--threads", threads])).code).toBe(0);
    models.push(readFileSync(`${out}/model.safetensors`));
  }
  expect(models[0]).toEqual(models[1]);
});

test.each([
  [
    ["--backend", "gpu", "--threads", "2"],
    2,
    "unsnow: --threads is for the CPU, so it cannot be given with --backend gpu.\n",
  ],
  [
    ["--threads", "0"],
    1,
    "unsnow: The number of threads must be a whole number from 1 to 64, but it is 0.\n",
  ],
  [
    ["--threads", "65"],
    1,
    "unsnow: The number of threads must be a whole number from 1 to 64, but it is 65.\n",
  ],
  [
    ["--threads", "1.5"],
    1,
    "unsnow: The number of threads must be a whole number from 1 to 64, but it is 1.5.\n",
  ],
  [
    ["--threads", "all"],
    2,
    "unsnow: option '--threads <number>' argument 'all' is invalid. \"all\" is not a number.\n",
  ],
  [
    ["--backend", "tpu"],
    2,
    "unsnow: option '--backend <name>' argument 'tpu' is invalid. Allowed choices are auto, gpu, cpu.\n",
  ],
])("%j is refused in one sentence", async (options, code, stderr) => {
  const run = ["train", ...goldenRun("tiny"), "--out", folder("refused")];
  expect(await unsnow([...run, ...options])).toEqual({ code, stdout: "", stderr });
  // The same for all commands that compute.
  const { code: same } = await unsnow(["info", ...options]);
  expect(same).toBe(code);
});

/** The properties of a device that the choice uses. */
function deviceOf(backend: "gpu" | "cpu", name: string, software = false): Device {
  return { backend, adapter: { name, software }, lost: false, destroy: () => {} } as unknown as Device;
}

/** What is opened and reported, by the available GPU. */
async function chosen(gpu: Device | DeviceError, options: ComputeOptions) {
  const lines: string[] = [];
  const open = async () => {
    if (gpu instanceof DeviceError) throw gpu;
    return { gpu, remark: gpu.adapter.software ? "Found it beside Chromium." : undefined, close: () => {} };
  };
  const io = {
    openGpu: open as unknown as () => Promise<OpenedGpu>,
    openCpu: async ({ threads = 2 }) => deviceOf("cpu", `CPU (${threads} threads)`),
  };
  const { backend } = await openComputer(io, options, (line) => lines.push(line));
  return { backend, lines };
}

describe("what computes, and the line about it", () => {
  const real = deviceOf("gpu", "a card");
  const software = deviceOf("gpu", "SwiftShader", true);
  const none = new DeviceError("No GPU driver was found.", "unavailable");

  test.each<[string, Device | DeviceError, ComputeOptions, "gpu" | "cpu", string[]]>([
    ["a real GPU", real, {}, "gpu", []],
    [
      "a real GPU and threads",
      real,
      { threads: 3 },
      "gpu",
      ["Computing on a card, where --threads has no effect; --backend cpu computes on the CPU."],
    ],
    ["a real GPU, and the CPU by choice", real, { backend: "cpu" }, "cpu", []],
    [
      "a GPU in software",
      software,
      { backend: "auto" },
      "cpu",
      [
        "Computing on CPU (2 threads). The only GPU adapter, SwiftShader, is software, which is slower; --backend gpu uses it.",
      ],
    ],
    ["a GPU in software by choice", software, { backend: "gpu" }, "gpu", ["Found it beside Chromium."]],
    ["no GPU", none, { threads: 3 }, "cpu", ["Computing on CPU (3 threads). No GPU driver was found."]],
    ["no GPU, and the CPU by choice", none, { backend: "cpu" }, "cpu", []],
  ])("%s", async (_, gpu, options, backend, lines) => {
    expect(await chosen(gpu, options)).toEqual({ backend, lines });
  });

  test("no GPU although it was requested", async () => {
    await expect(chosen(none, { backend: "gpu" })).rejects.toThrow("No GPU driver was found.");
  });

  test("is printed to stderr, but not with --quiet", async () => {
    const run = ["train", ...goldenRun("tiny"), "--backend", "auto", "--out"];
    const told = await unsnow([...run, folder("told")]);
    expect(told.code).toBe(0);
    expect(told.stderr).toMatch(/^Computing on CPU \(.*\)\. There is no GPU in this test\.$/m);
    expect(await unsnow([...run, folder("quiet"), "--quiet"])).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

describe("info", () => {
  const shown = async (options: readonly string[], surroundings?: Surroundings) => {
    const { code, stdout, stderr } = await unsnow(["info", ...options], surroundings);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return stdout;
  };
  const openCpu = async () => {
    throw new DeviceError("No SIMD.", "unavailable");
  };

  test("reports why there is no GPU, and the speed of the CPU", async () => {
    const text = await shown(["--threads", "1"]);
    expect(text).toMatch(
      /^computes +CPU \(WebAssembly, .*, 1 thread\), by default\. There is no GPU in this test\.$/m,
    );
    expect(text).toMatch(/^CPU +CPU \(WebAssembly, .*, 1 thread\)$/m);
    expect(text).toMatch(/^CPU product +[\d.]+ GFLOP\/s at 512 x 512 x 512$/m);
    expect(text).toMatch(/^GPU +none: There is no GPU in this test\.$/m);
  });

  test("with --backend shows only that one", async () => {
    const text = await shown(["--backend", "cpu"]);
    expect(text).toMatch(/^computes +CPU \(.*\), by --backend cpu$/m);
    expect(text).not.toMatch(/^GPU/m);
  });

  test("reports that nothing can compute", async () => {
    const text = await shown([], { openCpu });
    expect(text).toMatch(/^computes +nothing: No SIMD\.$/m);
    expect(text).toMatch(/^CPU +cannot compute: No SIMD\.$/m);
  });
});

test("the number of threads changes no bit, so a run may be continued with another number without a remark", () => {
  const name = "CPU (WebAssembly, relaxed SIMD, 16 threads)";
  expect(roundingOf(name)).toBe(roundingOf("CPU (WebAssembly, relaxed SIMD, 1 thread)"));
  expect(roundingOf(name)).not.toBe(roundingOf("CPU (WebAssembly, SIMD, 16 threads)"));
  expect(roundingOf("a card")).toBe("a card");
});

/** The largest difference of two lists of one length. */
function furthest(got: ArrayLike<number>, want: ArrayLike<number>): number {
  expect(got.length).toBe(want.length);
  return Array.from(got).reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (want[index] ?? Number.NaN))),
    0,
  );
}
