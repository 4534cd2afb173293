import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { parseIdx } from "../../src/data/idx.ts";
import { useGpu } from "../support/open-gpu.ts";
import { buildProgram } from "./build-program.ts";
import {
  denoised,
  goldenFile,
  goldenImages,
  goldenRun,
  readHistory,
  readImages,
  readModel,
} from "./fixtures.ts";
import { unsnow } from "./gpu-program.ts";
import { madePicture, negativeModel, negativeOf, samplesOf } from "./made-pictures.ts";
import { useFolder } from "./program.ts";

// Each command once on the GPU. golden.gpu.test.ts compares a training there with PyTorch; all else is tested on the CPU.
const gpu = useGpu();
const folder = useFolder();
// Filters run on threads of the built program.
beforeAll(buildProgram, 300_000);
const model = goldenFile("odd", "final.safetensors");

test("denoises an IDX file", async () => {
  const data = goldenFile("odd", "train-noisy.idx.gz");
  const { code, stdout } = await unsnow([
    "denoise",
    "--model",
    model,
    "--data",
    data,
    "--out",
    folder("idx"),
  ]);
  expect(code).toBe(0);
  expect(stdout).toBe(`Denoised 24 images of ${data} on ${gpu().adapter.name} into ${folder("idx")}.\n`);
  const network = readModel(model);
  const { data: bytes } = parseIdx(readFileSync(folder("idx/denoised.idx")), "denoised.idx");
  const wanted = (await readImages(data)).flatMap((image) => denoised(network, image));
  wanted.forEach((value, index) => {
    expect(Math.abs((bytes[index] ?? Number.NaN) - 255 * value)).toBeLessThan(0.501);
  });
});

test("denoises a picture", async () => {
  writeFileSync(folder("negative"), negativeModel(3));
  writeFileSync(folder("a.png"), await madePicture(3, 8).png().toBuffer());
  const { code, stdout } = await unsnow(["denoise", "--model", "negative", "a.png", "--out", "pictures"], {
    cwd: folder(),
  });
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: `Denoised 1 picture into pictures on ${gpu().adapter.name}.\n`,
  });
  const [before, after] = [await samplesOf(folder("a.png")), await samplesOf(folder("pictures/a.png"))];
  expect(after.samples).toEqual(negativeOf(before.samples, 255));
});

test.each(["gpu", "cpu"])("evaluates with filters on the %s", async (place) => {
  const json = folder(`${place}.json`);
  const args = ["--model", model, ...goldenImages("odd"), "--filters", "gaussian,median"];
  const { code, stderr } = await unsnow(["evaluate", ...args, "--filters-on", place, "--json", json]);
  expect(code, stderr).toBe(0);
  const { backend, results } = JSON.parse(readFileSync(json, "utf8"));
  expect(backend).toBe("gpu");
  expect(results.map(({ name }: { name: string }) => name)).toEqual([
    "noisy",
    "gaussian",
    "median",
    "network",
  ]);
});

test("profiles, or says that the GPU has no timestamps", async () => {
  const out = folder("profile");
  const { code, stderr } = await unsnow(["train", ...goldenRun("odd"), "--profile", "--out", out]);
  expect(code).toBe(0);
  expect(readHistory(`${out}/history.json`)).toMatchObject({ backend: "gpu", adapter: gpu().adapter });
  const measured = readdirSync(out).includes("profile.json");
  expect(measured).toBe(!stderr.includes("has no timestamp queries, so nothing is profiled."));
  if (!measured) return;
  const { kernels } = JSON.parse(readFileSync(`${out}/profile.json`, "utf8"));
  // 4 epochs of 2 validation steps.
  expect(kernels).toContainEqual(expect.objectContaining({ kernel: "batch_metrics", launches: 8 }));
});

test("continues a run of the GPU on the CPU and back, and reports this", async () => {
  const [out, saves] = [folder("moved"), folder("saves")];
  const small = ["--batch", "4", "--hidden", "4", "--epochs", "1"];
  const begin = ["train", "--data", goldenFile("odd", "train-clean.idx.gz"), ...small, "--checkpoint", saves];
  expect((await unsnow([...begin, "--out", out])).code).toBe(0);
  const onCpu = ["train", "--resume", saves, "--epochs", "2", "--backend", "cpu"];
  const { code, stderr } = await unsnow(onCpu);
  expect(code).toBe(0);
  expect(stderr).toContain(`The run was computed on ${gpu().adapter.name}; on CPU (WebAssembly, `);
  expect(stderr).toContain("it continues, and its results may differ by rounding.");
  expect(readHistory(`${out}/history.json`)).toMatchObject({ backend: "cpu" });
  const back = await unsnow(["train", "--resume", saves, "--epochs", "3", "--backend", "gpu"]);
  expect(back.stderr).toMatch(/^The run was computed on CPU .*; on .* it continues, /m);
  expect(readHistory(`${out}/history.json`)).toMatchObject({ backend: "gpu" });
  expect(readHistory(`${out}/history.json`).epochs.length).toBe(3);
});

test("info describes the GPU and its limits beside the CPU", async () => {
  const { code, stdout } = await unsnow(["info"]);
  expect(code).toBe(0);
  for (const name of ["unsnow", "Node", "computes", "CPU", "GPU", "software", "timestamp queries"]) {
    expect(stdout).toMatch(new RegExp(`^${name} +\\S`, "m"));
  }
  expect(stdout).toMatch(/^CPU product +[\d.]+ GFLOP\/s at 512 x 512 x 512$/m);
  expect(stdout).toMatch(/^GPU product +[\d.]+ GFLOP\/s at 512 x 512 x 512$/m);
  const why = gpu().adapter.software
    ? `The only GPU adapter, ${gpu().adapter.name}, is software, which is slower; --backend gpu uses it.`
    : "--backend cpu computes on the CPU";
  expect(stdout.match(/^computes +(.*)$/m)?.[1]).toContain(why);
  expect(stdout).toMatch(/^maxBufferSize +\d+ bytes$/m);
  expect(stdout).toMatch(/^maxComputeInvocationsPerWorkgroup +\d+ invocations$/m);
});
