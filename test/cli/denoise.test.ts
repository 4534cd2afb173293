import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import sharp from "sharp";
import { expect, test } from "vitest";
import { encodeIdx, parseIdx } from "../../src/data/idx.ts";
import { denoised, goldenFile, readImages, readModel } from "./fixtures.ts";
import { unsnow, useFolder } from "./program.ts";

const folder = useFolder();
const model = goldenFile("odd", "final.safetensors");

test("writes the results of float64, and a contact sheet", async () => {
  const data = goldenFile("odd", "train-noisy.idx.gz");
  const out = folder("denoised");
  const { code } = await unsnow(["denoise", "--model", model, "--data", data, "--out", out]);
  expect(code).toBe(0);

  const noisy = await readImages(data);
  const network = readModel(model);
  const { dimensions, data: bytes } = parseIdx(readFileSync(`${out}/denoised.idx`), "denoised.idx");
  expect(dimensions).toEqual([24, 5, 7]);
  noisy
    .flatMap((image) => denoised(network, image))
    .forEach((value, index) => {
      // Rounded to a byte, with float32's last digits before.
      expect(Math.abs((bytes[index] ?? Number.NaN) - 255 * value)).toBeLessThan(0.501);
    });
  const sheet = await sharp(`${out}/denoised.png`).metadata();
  expect([sheet.format, sheet.width, sheet.height]).toEqual(["png", 10 * 88 - 4, 3 * 64 - 4]);
});

test("refuses images of another size, names both files, and keeps old results", async () => {
  const data = goldenFile("tiny", "val-noisy.idx.gz");
  writeFileSync(folder("denoised.idx"), encodeIdx([1], Uint8Array.of(7)));
  const before = readFileSync(folder("denoised.idx"));
  const { code, stdout, stderr } = await unsnow([
    "denoise",
    "--model",
    model,
    "--data",
    data,
    "--out",
    folder(),
  ]);
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: "",
    stderr: `unsnow: ${model} denoises images of 5 x 7 pixels, but those of ${data} have 3 x 3.\n`,
  });
  expect(readFileSync(folder("denoised.idx")).equals(before)).toBe(true);
});

test.each([
  ["denoised.idx", []],
  ["denoised.1-of-2.idx", ["--shard", "1/2"]],
])("refuses to overwrite its images with its result %s, linked or not", async (name, shard) => {
  const bytes = gunzipSync(readFileSync(goldenFile("odd", "val-noisy.idx.gz")));
  mkdirSync(folder("own"), { recursive: true });
  writeFileSync(folder(`own/${name}`), bytes);
  symlinkSync(folder("own"), folder(`link to ${name}`));
  for (const out of [folder("own"), folder(`link to ${name}`)]) {
    const data = folder(`own/${name}`);
    const args = ["--model", model, "--data", data, ...shard, "--out", out];
    const { code, stdout, stderr } = await unsnow(["denoise", ...args]);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: "",
      stderr: `unsnow: ${data} would be overwritten by its own result: choose another folder for --out.\n`,
    });
    expect(readFileSync(data).equals(bytes)).toBe(true);
  }
});

test("refuses a file that is not a model", async () => {
  const data = goldenFile("odd", "val-noisy.idx.gz");
  const { code, stderr } = await unsnow([
    "denoise",
    "--model",
    data,
    "--data",
    data,
    "--out",
    folder("none"),
  ]);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^unsnow: .*val-noisy\.idx\.gz is truncated: its header has \d+ bytes, but only \d+ follow\.\n$/,
  );
});
