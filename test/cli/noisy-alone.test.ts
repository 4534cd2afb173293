import { copyFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { expect, test } from "vitest";
import { noisy, quality, scene } from "../alone/scene.ts";
import { readHistory } from "./fixtures.ts";
import { unsnow, useFolder } from "./program.ts";

const folder = useFolder();

/** Runs a command line in the folder of the test. */
const run = (args: readonly string[]) => unsnow(args, { cwd: folder(".") });

/** A picture as 16-bit samples: 0 to 1 is 10,000 to 50,000, so that no noise is clipped. */
async function write(name: string, picture: ReturnType<typeof scene>): Promise<void> {
  const { rows, columns, channels, values } = picture;
  const samples = Uint16Array.from(values, (value) => Math.round(10_000 + 40_000 * value));
  await sharp(samples, { raw: { width: columns, height: rows, channels: channels as 1 | 3 } })
    .toColourspace(channels === 1 ? "grey16" : "rgb16")
    .png()
    .toFile(folder(name));
}

async function read(name: string, channels: 1 | 3): Promise<ReturnType<typeof scene>> {
  const picture = sharp(folder(name)).toColourspace(channels === 1 ? "grey16" : "rgb16");
  const { data, info } = await picture.raw({ depth: "ushort" }).toBuffer({ resolveWithObject: true });
  const samples = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  const values = Float32Array.from(samples, (sample) => (sample - 10_000) / 40_000);
  return { rows: info.height, columns: info.width, channels, values };
}

test("train learns from a folder of noisy pictures alone, and its model denoises them", async () => {
  mkdirSync(folder("noisy"), { recursive: true });
  for (const [index, side] of [56, 64, 72, 80].entries()) {
    await write(`noisy/${index}.png`, noisy(scene(side, side + 8, 1), 0.1));
  }
  const trained = await run([
    ...[
      "train",
      "--data",
      "noisy",
      "--range",
      "0..65535",
      "--self-supervised",
      "--hidden",
      "conv:12,conv:12",
    ],
    ...[
      "--output",
      "residual",
      "--loss",
      "mse",
      "--initialization",
      "he",
      "--optimizer",
      "adam",
      "--lr",
      "0.003",
    ],
    ...[
      "--patch",
      "28",
      "--patches",
      "160",
      "--val-patches",
      "8",
      "--batch",
      "8",
      "--epochs",
      "4",
      "--out",
      "run",
    ],
  ]);
  expect(trained.code).toBe(0);
  expect(trained.stderr).toContain("PSNR to noisy pixels");
  expect(trained.stdout).toContain("from the blind spots' noisy values, since there are no clean ones");
  const { settings } = readHistory(folder("run/history.json"));
  expect(settings).toMatchObject({ selfSupervised: true, mask: "1x1", noise: "none" });

  const denoised = await run([
    ...["denoise", "--model", "run/model.safetensors", "noisy/3.png", "--out", "clean"],
  ]);
  expect(denoised.code).toBe(0);
  expect(denoised.stderr).toContain(
    "The model learned from blind spots: noisy pictures are mixed into its results",
  );
  const clean = scene(80, 88, 1);
  const gain = quality(await read("clean/3.png", 1), clean) - quality(await read("noisy/3.png", 1), clean);
  expect(gain).toBeGreaterThan(3);

  const again = (blend: string) =>
    run([
      ...["denoise", "--model", "run/model.safetensors", "noisy/3.png", "--blend", blend, "--out", blend],
    ]);
  const [automatic, alone] = [await again("auto"), await again("1")];
  expect([automatic.code, alone.code]).toEqual([0, 0]);
  expect(alone.stderr).not.toContain("blind spots");
  expect(await read("auto/3.png", 1)).toEqual(await read("clean/3.png", 1));
  expect(await read("1/3.png", 1)).not.toEqual(await read("clean/3.png", 1));
});

test("a network with a noise map refuses to mix automatically, because it depends on a pixel's own noise", async () => {
  await write("one.png", noisy(scene(24, 24, 1), 0.1));
  const { code, stderr } = await run([
    "denoise",
    "--model",
    "photo",
    "one.png",
    "--blend",
    "auto",
    "--out",
    "none",
  ]);
  expect(code).toBe(1);
  expect(stderr).toContain(
    'The blend "auto" is for networks that learned from blind spots, but this one has a noise map',
  );
});

test("denoise --self refuses to mix automatically, because its network depends on a pixel's own noise", async () => {
  const { code, stderr } = await run(["denoise", "--self", "any.png", "--blend", "auto", "--out", "none"]);
  expect(code).toBe(2);
  expect(stderr).toContain(
    "--blend auto is for models that learned from blind spots, so it cannot be given with --self",
  );
});

test.each([1, 3] as const)("denoise --self learns from one picture of %i channels", async (channels) => {
  const clean = scene(48, 56, channels);
  const name = `alone-${channels}.png`;
  await write(name, noisy(clean, 0.1));
  const { code, stdout, stderr } = await run(["denoise", "--self", "--steps", "160", name, "--out", "alone"]);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^Denoised 1 picture into alone on /),
  });
  expect(stderr).toContain(`${name}: 0.00 megapixels in `);
  const gain =
    quality(await read(`alone/${name}`, channels), clean) - quality(await read(name, channels), clean);
  expect(gain).toBeGreaterThan(5);
});

test("denoise --self has one network for all pages of a stack", async () => {
  copyFileSync(
    fileURLToPath(new URL("../fixtures/pictures/stack.tif", import.meta.url)),
    folder("stack.tif"),
  );
  const { code } = await run(["denoise", "--self", "--steps", "20", "stack.tif", "--out", "stacks"]);
  expect(code).toBe(0);
  const [before, after] = await Promise.all(
    ["stack.tif", "stacks/stack.tif"].map((name) => sharp(folder(name), { pages: -1 }).metadata()),
  );
  expect(after).toMatchObject({ pages: before?.pages, depth: before?.depth, width: before?.width });
});

test("denoise --self reports a picture that is too small and continues", async () => {
  await write("tiny.png", scene(12, 40, 1));
  const { code, stderr } = await run(["denoise", "--self", "tiny.png", "--out", "none"]);
  expect(code).toBe(1);
  expect(stderr).toContain(
    "tiny.png has 40 x 12 pixels, too few to learn from: at least 16 x 16 are needed.",
  );
});
