import { mkdirSync } from "node:fs";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { mse } from "../../src/metrics/mse.ts";
import { psnr } from "../../src/metrics/psnr.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";
import { buildProgram } from "./build-program.ts";
import { unsnow, useFolder } from "./program.ts";

const folder = useFolder();
// The shipped models are beside the built program.
beforeAll(buildProgram, 300_000);

const side = 192;

/** Bytes of a scene of smooth hills, an edge and a stripe pattern, in other tints for each channel. */
function scene(channels: 1 | 3): Float32Array {
  return Float32Array.from({ length: side * side * channels }, (_, place) => {
    const [row, column] = [Math.floor(place / channels / side), Math.floor(place / channels) % side];
    const tint = 20 * (place % channels);
    if (row > column) return 70 + tint + 30 * Math.sin(row / 17) * Math.cos(column / 23);
    return 130 + tint + 25 * Math.sin((column + row / 4) / 3);
  });
}

/** Writes the scene with Gaussian noise of this standard deviation as a file; returns the noisy bytes. */
async function writeNoisy(name: string, channels: 1 | 3, sigma: number): Promise<Float32Array> {
  const random = new MadeNumbers(name);
  // The sum of twelve uniform numbers is nearly normal, with variance 1.
  const normal = () =>
    Array.from({ length: 12 }, () => random.next(-0.5, 0.5)).reduce((sum, one) => sum + one);
  const bytes = Uint8ClampedArray.from(scene(channels), (value) => value + sigma * normal());
  const raw = { width: side, height: side, channels };
  const picture = sharp(bytes, { raw });
  await (channels === 1 ? picture.toColourspace("b-w") : picture).png().toFile(folder(name));
  return Float32Array.from(bytes);
}

async function bytesOf(name: string, channels: 1 | 3): Promise<Float32Array> {
  const picture = sharp(folder(name)).toColourspace(channels === 1 ? "b-w" : "srgb");
  return Float32Array.from(await picture.raw().toBuffer());
}

/** The PSNR of bytes in dB. */
function quality(bytes: Float32Array, clean: Float32Array): number {
  const share = (values: Float32Array) => values.map((value) => value / 255);
  return psnr(mse(share(bytes), share(clean)));
}

test("the networks for photographs remove noise of any strength, in grey and in colour, and leave a clean picture as it is", async () => {
  const cases = [
    ["grey-10.png", 1, 10],
    ["grey-50.png", 1, 50],
    ["colour-10.png", 3, 10],
    ["colour-50.png", 3, 50],
    ["grey-0.png", 1, 0],
    ["colour-0.png", 3, 0],
  ] as const;
  const noisy = new Map<string, Float32Array>();
  for (const [name, channels, sigma] of cases) noisy.set(name, await writeNoisy(name, channels, sigma));
  const names = cases.map(([name]) => folder(name));
  const out = folder("clean");
  const { code, stderr } = await unsnow(["denoise", "--model", "photo", ...names, "--out", out]);
  expect(code, stderr).toBe(0);
  for (const [name, channels, sigma] of cases) {
    const before = noisy.get(name) ?? new Float32Array();
    const after = await bytesOf(`clean/${name}`, channels);
    if (sigma === 0) expect(after, name).toEqual(before);
    else {
      const gain = quality(after, scene(channels)) - quality(before, scene(channels));
      // A network that averages four pixels gains 6 dB.
      expect(gain, name).toBeGreaterThan(6);
    }
  }
});

test("evaluate takes the network for colours where the pictures have them", async () => {
  for (const [place, channels] of [
    ["greys", 1],
    ["colours", 3],
  ] as const) {
    mkdirSync(folder(place));
    for (const name of ["a", "b"]) await writeNoisy(`${place}/${name}.png`, channels, 0);
    const { code, stdout, stderr } = await unsnow([
      ...["evaluate", "--model", "photo", "--data", folder(place), "--val-data", folder(place)],
      ...["--noise", "gaussian:0.1+unclipped", "--filters", "none", "--quiet"],
    ]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(channels === 3 ? /network 64x64x3 / : /network 64x64 /);
  }
});
