import { readFileSync, writeFileSync } from "node:fs";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { loseCpu, useFrailCpus } from "../support/frail-cpu.ts";
import { buildProgram } from "./build-program.ts";
import { goldenFile, goldenImages } from "./fixtures.ts";
import { negativeModel } from "./made-pictures.ts";
import { type Surroundings, unsnow, useFolder } from "./program.ts";

const openFrail = useFrailCpus();
const folder = useFolder();
// Filters run on threads of the built program.
beforeAll(buildProgram, 300_000);

/** Devices; the first ones are lost, each after its number of submits. */
function losing(...lastSubmits: readonly number[]) {
  const counts = { opened: 0, submits: 0 };
  const openCpu = async () => {
    const last = lastSubmits[counts.opened];
    counts.opened += 1;
    return openFrail({
      onSubmit(cpu, count) {
        counts.submits = count;
        if (count === last) loseCpu(cpu);
      },
    });
  };
  return { counts, surroundings: { openCpu, cwd: folder() } satisfies Surroundings };
}

test("a picture is read and denoised again, although some of its rows were overwritten", async () => {
  writeFileSync(folder("negative"), negativeModel(1));
  // More than the device holds at a time, so that the first rows are written long before the last are computed.
  const [width, height, channels] = [1200, 1300, 3] as const;
  const samples = Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 2654435761) >>> 17);
  const picture = sharp(samples, { raw: { width, height, channels } });
  writeFileSync(folder("large.png"), await picture.png({ compressionLevel: 1 }).toBuffer());
  const args = ["denoise", "--model", "negative", "large.png", "--stride", "5", "--out"];
  const whole = losing();
  expect((await unsnow([...args, "whole"], whole.surroundings)).code).toBe(0);
  const { counts, surroundings } = losing(3, whole.counts.submits - 1);
  const { code, stdout } = await unsnow([...args, "lost"], surroundings);
  expect({ code, opened: counts.opened }).toEqual({ code: 0, opened: 3 });
  expect(stdout).toMatch(/^Denoised 1 picture into lost on CPU /);
  const [lost, wanted] = ["lost", "whole"].map((name) => readFileSync(folder(`${name}/large.png`)));
  expect(wanted && lost?.equals(wanted)).toBe(true);
});

test("a device that is lost repeatedly ends the command with one sentence, and no file is written", async () => {
  const args = ["denoise", "--model", "negative", "large.png", "--out", "never"];
  const { counts, surroundings } = losing(1, 1, 1, 1, 1, 1);
  const { code, stdout, stderr } = await unsnow(args, surroundings);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^unsnow: [^\n]+\.\n$/);
  expect(counts.opened).toBe(4);
  expect(() => readFileSync(folder("never/large.png"))).toThrow("no such file");
});

test("the images of an IDX file are denoised to the same bytes", async () => {
  const data = ["--data", goldenFile("odd", "train-noisy.idx.gz")];
  const args = ["denoise", "--model", goldenFile("odd", "final.safetensors"), ...data, "--out"];
  expect((await unsnow([...args, folder("whole")])).code).toBe(0);
  const { counts, surroundings } = losing(1, 1);
  expect((await unsnow([...args, folder("lost")], surroundings)).code).toBe(0);
  expect(counts.opened).toBe(3);
  expect(readFileSync(folder("lost/denoised.idx"))).toEqual(readFileSync(folder("whole/denoised.idx")));
});

test("an evaluation has the same scores, including those of the filters", async () => {
  const model = ["--model", goldenFile("odd", "final.safetensors"), ...goldenImages("odd")];
  const args = ["evaluate", ...model, "--filters", "gaussian,median", "--quiet"];
  const whole = await unsnow(args);
  expect(whole.code).toBe(0);
  const { counts, surroundings } = losing(1, 4);
  expect(await unsnow(args, surroundings)).toEqual(whole);
  expect(counts.opened).toBe(3);
});
