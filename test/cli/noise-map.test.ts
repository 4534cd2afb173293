import { readFileSync } from "node:fs";
import sharp from "sharp";
import { expect, test } from "vitest";
import { parseModel } from "../../src/formats/model-file.ts";
import { goldenFile } from "./fixtures.ts";
import { unsnow, useFolder } from "./program.ts";

const folder = useFolder();
const data = goldenFile("odd", "train-clean.idx.gz");
const noisy = goldenFile("odd", "train-noisy.idx.gz");

/** Trains a small network of convolutions; returns its model file. */
async function trained(name: string, ...options: string[]): Promise<string> {
  const out = folder(name);
  const usual = ["--hidden", "conv:3", "--epochs", "1", "--batch", "8", "--quiet", "--backend", "cpu"];
  const { code, stderr } = await unsnow(["train", "--data", data, ...usual, ...options, "--out", out]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return `${out}/model.safetensors`;
}

test("a network with a noise map takes a strength, or estimates it", async () => {
  const model = await trained("mapped", "--noise-map", "--noise", "gaussian:0..0.3");
  expect(parseModel(readFileSync(model), "model").network.noiseMap).toBe(true);
  const run = ["denoise", "--data", noisy, "--model", model, "--backend", "cpu"];
  const results: Buffer[] = [];
  for (const options of [[], ["--strength", "auto"], ["--strength", "0.9"]]) {
    const out = folder(`denoised-${results.length}`);
    expect((await unsnow([...run, ...options, "--out", out])).code).toBe(0);
    results.push(readFileSync(`${out}/denoised.idx`));
  }
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).not.toEqual(results[0]);
  const refused = await unsnow([...run, "--strength", "11", "--out", folder("refused")]);
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain("The strength of the noise must be a number from 0 to 10, but it is 11.");
});

test("the strength found in a picture is printed, and a picture without noise keeps its samples", async () => {
  const model = await trained("pictures", "--noise-map", "--noise", "gaussian:0..0.3");
  const grey = (value: (place: number) => number) =>
    sharp(
      Uint8Array.from({ length: 80 * 80 }, (_, place) => value(place)),
      {
        raw: { width: 80, height: 80, channels: 1 },
      },
    );
  const smooth = (place: number) => 128 + 60 * Math.sin(place / 700);
  await grey(smooth).png().toFile(folder("clean.png"));
  // Uniform from -20 to 20: a standard deviation of 11.5 of 255.
  await grey((place) => smooth(place) + 20 * Math.sin(place * place))
    .png()
    .toFile(folder("noisy.png"));
  const run = ["denoise", "--model", model, "--backend", "cpu", folder("clean.png"), folder("noisy.png")];
  const { code, stderr } = await unsnow([...run, "--out", folder("results")]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/clean\.png: 0\.01 megapixels in .*, no noise: left as it is$/m);
  expect(stderr).toMatch(/noisy\.png: 0\.01 megapixels in .*, noise of strength 0\.\d+ \(1\d of 255\)$/m);
  const samples = (name: string) => sharp(folder(name)).raw().toBuffer();
  expect(await samples("results/clean.png")).toEqual(await samples("clean.png"));
  expect(await samples("results/noisy.png")).not.toEqual(await samples("noisy.png"));
  expect((await unsnow([...run, "--blend", "0", "--out", folder("unmixed")])).code).toBe(0);
  expect(await samples("unmixed/noisy.png")).toEqual(await samples("noisy.png"));
});

test("a network without one takes no strength", async () => {
  const model = await trained("plain");
  const run = ["denoise", "--data", noisy, "--model", model, "--backend", "cpu", "--out", folder("none")];
  const { code, stderr } = await unsnow([...run, "--strength", "0.1"]);
  expect(code).toBe(1);
  expect(stderr).toContain("has no noise map, so it takes no strength of the noise: leave it out.");
  expect((await unsnow([...run, "--strength", "auto"])).code).toBe(0);
});

test("convolutions can start from those of images of another size", async () => {
  const model = await trained("first");
  const other = goldenFile("tiny", "train-clean.idx.gz");
  await trained("second", "--data", other, "--init", model, "--batch", "4");
  const { code, stderr } = await unsnow([
    ...["train", "--data", other, "--hidden", "conv:4", "--init", model, "--batch", "4", "--backend", "cpu"],
    ...["--out", folder("third")],
  ]);
  expect(code).toBe(1);
  expect(stderr).toContain("are those of 3x3 conv:3 (relu, sigmoid), but the run's network is 3x3 conv:4");
});

test("measured pairs have no noise map, whose strength is that of added noise", async () => {
  const { code, stderr } = await unsnow([
    ...["train", "--data", data, "--noisy", noisy, "--hidden", "conv:3", "--noise-map", "--batch", "8"],
    ...["--out", folder("pairs")],
  ]);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `unsnow: A noise map holds the strength of the Gaussian noise that is added in training, but ${noisy} (training) has measured noise of unknown strength: leave out the noise map, or the noisy images.\n`,
  });
});
