import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { parseIdx } from "../../src/data/idx.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";
import type { Outcome } from "../support/outcome.ts";
import { goldenFile } from "./fixtures.ts";
import { unsnow, useFolder } from "./program.ts";

const shards = ["1/4", "2/4", "3/4", "4/4"];

/** All files below a folder, by relative path, in a fixed order. */
function filesIn(folder: string): Map<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(names.map((name) => [name.slice(folder.length), readFileSync(name)]));
}

const folder = useFolder();
const model = goldenFile("odd", "final.safetensors");
const denoise = ["denoise", "--model", model];

beforeAll(async () => {
  const numbers = new MadeNumbers("shards");
  mkdirSync(folder("photos/more"), { recursive: true });
  // Ten pictures, so that the shards have different sizes.
  for (let picture = 0; picture < 10; picture++) {
    const pixels = Uint8Array.from({ length: 9 * 8 }, () => numbers.next(0, 256));
    const name = picture % 3 === 0 ? `photos/more/${picture}.png` : `photos/${picture}.png`;
    await sharp(pixels, { raw: { width: 9, height: 8, channels: 1 } })
      .png()
      .toFile(folder(name));
  }
});

test("of pictures together write the files of one run, also when they are started again", async () => {
  const whole = await unsnow([...denoise, folder("photos"), "--out", folder("whole")]);
  expect(whole.code).toBe(0);
  const parts = [...denoise, folder("photos"), "--out", folder("parts")];
  const outcomes: Outcome[] = [];
  for (const shard of shards) outcomes.push(await unsnow([...parts, "--shard", shard]));
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(outcomes.map(({ stdout }) => /Denoised \d+ pictures/.exec(stdout)?.[0])).toEqual([
    "Denoised 3 pictures",
    "Denoised 3 pictures",
    "Denoised 2 pictures",
    "Denoised 2 pictures",
  ]);
  const wanted = filesIn(folder("whole"));
  expect(wanted.size).toBe(10);
  expect(filesIn(folder("parts"))).toEqual(wanted);

  // Existing results do not change which pictures belong to a shard.
  const again = await unsnow([...parts, "--shard", "2/4"]);
  expect(again).toMatchObject({ code: 0, stderr: "" });
  expect(again.stdout).toContain("3 pictures there already");
  const none = await unsnow([...parts, "--shard", "11/11"]);
  expect(none).toEqual({ code: 0, stdout: "There is no picture in shard 11 of 11.\n", stderr: "" });
});

test("of an IDX file are its images in order, in one file each", async () => {
  const data = ["--data", goldenFile("odd", "train-noisy.idx.gz")];
  const out = ["--out", folder("idx")];
  const runs = [...shards.map((shard) => ["--shard", shard]), []];
  const outcomes: Outcome[] = [];
  for (const shard of runs) outcomes.push(await unsnow([...denoise, ...data, ...out, ...shard]));
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  const read = (name: string) => parseIdx(readFileSync(join(folder("idx"), name)), name);
  const parts = [1, 2, 3, 4].map((shard) => read(`denoised.${shard}-of-4.idx`));
  expect(parts.map(({ dimensions }) => dimensions)).toEqual([1, 2, 3, 4].map(() => [6, 5, 7]));
  expect(Buffer.concat(parts.map(({ data }) => data))).toEqual(Buffer.from(read("denoised.idx").data));

  const many = await unsnow([...denoise, ...data, ...out, "--shard", "1/25"]);
  expect(many).toMatchObject({ code: 1, stdout: "" });
  expect(many.stderr).toMatch(/has 24 images, too few for 25 shards\.\n$/);
});
