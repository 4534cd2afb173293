import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { encodeTiff } from "../../src/cli/tiff-file.ts";
import { loadPictureData } from "../../src/cli/train-inputs.ts";
import { parseTrainingNote } from "../../src/formats/training-note.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";
import { readHistory } from "./fixtures.ts";
import { negativeModel, withProfile } from "./made-pictures.ts";
import { unsnow, useFolder } from "./program.ts";

const folder = useFolder();
const denoise = (...args: readonly string[]) =>
  unsnow(["denoise", "--model", "negative", ...args], { cwd: folder() });
const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/pictures/${name}`, import.meta.url));

beforeAll(() => {
  writeFileSync(folder("negative"), negativeModel(1));
  for (const name of ["stack.tif", "float.tif", "twelve-bit.tif", "grey16.png", "dpi-300.tif"]) {
    copyFileSync(fixture(name), folder(name));
  }
});

/** The samples of all pages of a grey file as libvips reads them. */
async function greySamples(path: string): Promise<number[]> {
  const { depth = "uchar", space = "b-w" } = await sharp(path).metadata();
  const data = await sharp(path, { pages: -1 })
    .toColourspace(space)
    .raw({ depth: depth as "uchar" })
    .toBuffer();
  const { buffer } = new Uint8Array(data);
  if (depth === "uchar") return [...new Uint8Array(buffer)];
  return depth === "ushort" ? [...new Uint16Array(buffer)] : [...new Float32Array(buffer)];
}

/** The largest difference between the samples of a result and the negatives of the picture's. */
async function differenceFromNegative(name: string, result: string, white: number): Promise<number> {
  const [before, after] = [await greySamples(folder(name)), await greySamples(folder(result))];
  expect(after.length).toBe(before.length);
  return Math.max(...before.map((sample, index) => Math.abs(white - sample - (after[index] ?? Number.NaN))));
}

/** A grey file of these pages. */
async function greyTiff(
  ...pages: readonly (Uint8Array | Uint16Array | Int16Array | Float32Array)[]
): Promise<Uint8Array> {
  const like = sharp(new Uint8Array(9 * 12), { raw: { width: 12, height: 9, channels: 1 } });
  const template = await like.toColourspace("b-w").tiff().toBuffer();
  return encodeTiff(
    pages.map((samples) => ({ rows: 9, columns: 12, channels: 1, samples })),
    template,
    "made",
  );
}

const made = (name: string, low: number, high: number) =>
  Array.from(new MadeNumbers(name).floats(9 * 12, low, high), Math.round);

describe("denoise", () => {
  test("writes all pages of a stack again, with 16 bits", async () => {
    const { code, stderr } = await denoise("stack.tif", "--out", "out");
    expect({ code, unsnow: stderr.includes("unsnow:") }).toEqual({ code: 0, unsnow: false });
    expect(await sharp(folder("out/stack.tif")).metadata()).toMatchObject({
      pages: 5,
      depth: "ushort",
      width: 64,
    });
    expect(await differenceFromNegative("stack.tif", "out/stack.tif", 65_535)).toBe(0);
  });

  test("writes floats again, to float32's last digits", async () => {
    expect((await denoise("float.tif", "--out", "out")).code).toBe(0);
    expect(await sharp(folder("out/float.tif")).metadata()).toMatchObject({ depth: "float", channels: 1 });
    expect(await differenceFromNegative("float.tif", "out/float.tif", 1)).toBeLessThan(1e-6);
  });

  test("guesses that 16-bit samples have 12, says so, and writes 12", async () => {
    const { code, stderr } = await denoise("twelve-bit.tif", "--out", "out");
    expect(code).toBe(0);
    expect(stderr).toContain(
      "twelve-bit.tif: no sample above 4095: read as 12 bits; give --range to choose\n",
    );
    expect(await differenceFromNegative("twelve-bit.tif", "out/twelve-bit.tif", 4095)).toBe(0);
    const given = await denoise("twelve-bit.tif", "--range", "0..65535", "--out", "full");
    expect(given.stderr).not.toContain("no sample above");
    expect(await differenceFromNegative("twelve-bit.tif", "full/twelve-bit.tif", 65_535)).toBe(0);
  });

  test("has one range for all pictures of a kind", async () => {
    const names = ["twelve-bit.tif", "grey16.png"];
    const { stderr } = await denoise(...names, "--out", "both");
    expect(stderr).not.toContain("no sample above");
    for (const name of names) {
      expect(await differenceFromNegative(name, `both/${name}`, 65_535)).toBe(0);
    }
  });

  test("keeps the resolution and the other tags of every page", async () => {
    const { code } = await denoise("dpi-300.tif", "--out", "out");
    expect(code).toBe(0);
    const keys = ["density", "resolutionUnit", "width", "height"] as const;
    const [before, after] = await Promise.all(
      ["dpi-300.tif", "out/dpi-300.tif"].map((name) => sharp(folder(name)).metadata()),
    );
    expect(before?.density).toBe(300);
    for (const key of keys) expect({ [key]: after?.[key] }).toEqual({ [key]: before?.[key] });
    const png = sharp({ create: { width: 9, height: 8, channels: 3, background: "#456" } });
    writeFileSync(folder("dpi.png"), await png.clone().withMetadata({ density: 200 }).png().toBuffer());
    writeFileSync(folder("dpi.jpg"), await png.clone().withMetadata({ density: 200 }).jpeg().toBuffer());
    const big = await png.clone().tiff({ bigtiff: true, xres: 5, yres: 5 }).toBuffer();
    writeFileSync(folder("big.tif"), big);
    await denoise("dpi.png", "dpi.jpg", "big.tif", "--out", "out");
    for (const name of ["dpi.png", "dpi.jpg", "big.tif"]) {
      const [old, found] = await Promise.all(
        [name, `out/${name}`].map((one) => sharp(folder(one)).metadata()),
      );
      expect(found?.density).toBe(old?.density);
    }
  });

  test("takes signed samples in a range, and refuses them without", async () => {
    writeFileSync(folder("signed.tif"), await greyTiff(Int16Array.from(made("signed", -1000, 3000))));
    const refused = await denoise("signed.tif", "--out", "signed");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /unsnow: signed\.tif has signed samples of 16 bits: give the ones that are black and white, as --range .+\.\n/,
    );
    const { code } = await denoise("signed.tif", "--range", "-1000..3000", "--out", "signed");
    expect(code).toBe(0);
    // libvips' signed samples as unsigned ones: sharp makes negative ones 0.
    const raised = async (name: string) => {
      const data = await sharp(folder(name))
        .toColourspace("grey16")
        .linear(1, 32_768)
        .raw({ depth: "ushort" })
        .toBuffer();
      return Array.from(new Uint16Array(new Uint8Array(data).buffer), (sample) => sample - 32_768);
    };
    expect(await raised("signed/signed.tif")).toEqual(
      (await raised("signed.tif")).map((sample) => 2000 - sample),
    );
  });

  test("refuses floats outside 0 and 1 without a range, says what a range clips, and takes auto", async () => {
    const samples = new MadeNumbers("floats").floats(9 * 12, -1, 4);
    writeFileSync(folder("wide.tif"), await greyTiff(samples));
    expect((await denoise("wide.tif", "--out", "wide")).stderr).toMatch(
      /unsnow: wide\.tif has floats from -\S+ to \S+, which are not all from 0 to 1: give .+ --range auto\.\n/,
    );
    const clipped = await denoise("wide.tif", "--range", "0..4", "--out", "wide");
    const below = samples.filter((sample) => sample < 0).length;
    expect(clipped.stderr).toContain(`wide.tif: ${below} samples lie outside 0..4 and are clipped to it\n`);
    const [low, high] = [Math.min(...samples), Math.max(...samples)];
    expect((await denoise("wide.tif", "--range", "auto", "--force", "--out", "wide")).code).toBe(0);
    expect(await differenceFromNegative("wide.tif", "wide/wide.tif", low + high)).toBeLessThan(1e-5);
    writeFileSync(folder("nan.tif"), await greyTiff(samples.with(5, Number.NaN)));
    expect((await denoise("nan.tif", "--out", "wide")).stderr).toContain(
      "unsnow: nan.tif has samples that are not finite numbers, which cannot be read.\n",
    );
  });

  test("gives the network sRGB, and keeps the profile and the samples that the network does not change", async () => {
    const samples = Uint8Array.from(new MadeNumbers("p3").bytes(9 * 12 * 3), (byte) => 100 + (byte % 60));
    // One pixel is the green of Display P3, which lies outside sRGB.
    samples.set([0, 255, 0]);
    const raw = { width: 12, height: 9, channels: 3 } as const;
    const grey = await sharp({ create: { width: 1, height: 1, channels: 3, background: "#888" } })
      .withIccProfile("p3")
      .png()
      .toBuffer();
    const profile = (await sharp(grey).metadata()).icc ?? Buffer.alloc(0);
    writeFileSync(folder("p3.png"), withProfile(await sharp(samples, { raw }).png().toBuffer(), profile));
    const rgb = async (file: string | Uint8Array, ignoreIcc = true) =>
      new Uint8Array(await sharp(file, { ignoreIcc }).toColourspace("srgb").removeAlpha().raw().toBuffer());
    const same = await denoise("p3.png", "--blend", "0", "--out", "p3-same");
    expect(await rgb(folder("p3-same/p3.png"))).toEqual(await rgb(folder("p3.png")));
    expect(same.stderr).toMatch(
      /^p3\.png: \d+ pixels? lies? outside sRGB, so the network gets them clipped$/m,
    );

    await denoise("p3.png", "--out", "p3");
    const { icc } = await sharp(folder("p3/p3.png")).metadata();
    expect(icc).toEqual((await sharp(folder("p3.png")).metadata()).icc);
    // Little CMS, at 8 bits: the picture in sRGB, its negative, and that in Display P3.
    const negative = (await rgb(folder("p3.png"), false)).map((value) => 255 - value);
    const wanted = await rgb(await sharp(negative, { raw }).withIccProfile("p3").png().toBuffer());
    const after = await rgb(folder("p3/p3.png"));
    // Each of its steps rounds.
    const inside = (await rgb(folder("p3.png"), false)).every(
      (value, index) => index < 3 || (value > 0 && value < 255),
    );
    expect(inside).toBe(true);
    for (let index = 3; index < wanted.length; index++) {
      expect(Math.abs((wanted[index] ?? 0) - (after[index] ?? 0))).toBeLessThanOrEqual(2);
    }
  });

  test("writes AVIF again, with its bits", async () => {
    const slope = Uint8Array.from({ length: 40 * 24 * 3 }, (_, index) => 40 + (index % 120) + index / 60);
    const smooth = sharp(slope, { raw: { width: 40, height: 24, channels: 3 } });
    writeFileSync(folder("a.avif"), await smooth.clone().avif({ quality: 95 }).toBuffer());
    const deep = smooth.clone().toColourspace("rgb16");
    writeFileSync(folder("b.avif"), await deep.avif({ quality: 95, bitdepth: 10 }).toBuffer());
    expect((await denoise("a.avif", "b.avif", "--out", "avif")).code).toBe(0);
    for (const [name, bits] of [
      ["a.avif", 8],
      ["b.avif", 10],
    ] as const) {
      const metadata = await sharp(folder(`avif/${name}`)).metadata();
      expect(metadata).toMatchObject({ format: "heif", compression: "av1", bitsPerSample: bits, width: 40 });
      const eight = async (path: string) =>
        sharp(folder(path)).toColourspace("srgb").raw({ depth: "uchar" }).toBuffer();
      const [before, after] = [await eight(name), await eight(`avif/${name}`)];
      before.forEach((value, index) => {
        expect(Math.abs(255 - value - (after[index] ?? 0))).toBeLessThanOrEqual(6);
      });
    }
  });
});

describe("train", () => {
  /** The samples of pictures in a folder that is made of these files. */
  async function samplesIn(name: string, files: Readonly<Record<string, string | Uint8Array>>, options = {}) {
    mkdirSync(folder(name), { recursive: true });
    for (const [file, content] of Object.entries(files)) {
      writeFileSync(folder(join(name, file)), typeof content === "string" ? readFileSync(content) : content);
    }
    const lines: string[] = [];
    const places = { folder: folder(), program: folder() };
    // All are validated on: there is one order, that of their names.
    const { validation } = await loadPictureData(
      places,
      { data: name, valData: name, ...options },
      { tell: (line) => lines.push(line) },
    );
    return { ...validation, lines };
  }

  test("red is the luma of Rec. 709, transparent black is white", async () => {
    const { pictures, format } = await samplesIn("bytes", {
      "red.png": fixture("red.png"),
      "transparent.png": fixture("transparent.png"),
    });
    expect(format).toEqual({ bits: 8, range: { low: 0, high: 255 } });
    expect(pictures.map(({ pixels }) => [...new Set(pixels)])).toEqual([[54], [255]]);
  });

  test("a 16-bit colour becomes grey at its own depth", async () => {
    const colour = Uint16Array.from([1000, 60_000, 12_345, 65_535, 0, 0]);
    const raw = { width: 2, height: 1, channels: 3 } as const;
    const png = await sharp(colour, { raw }).toColourspace("rgb16").png().toBuffer();
    const { pictures } = await samplesIn("deep colour", { "a.png": png });
    // 0.2126 * 1000 + 0.7152 * 60000 + 0.0722 * 12345 = 44015.909, and 0.2126 * 65535 = 13932.741.
    expect([...(pictures[0]?.pixels ?? [])]).toEqual([44_016, 13_933]);
  });

  test("all pages of a stack are images, with all their bits", async () => {
    const { pictures, format } = await samplesIn("stack", { "stack.tif": fixture("stack.tif") });
    expect(pictures.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5].map((page) => `stack.tif#${page}`));
    expect(format?.bits).toBe(16);
    expect(pictures.flatMap(({ pixels }) => [...pixels])).toEqual(await greySamples(fixture("stack.tif")));
  });

  test("floats stay floats, and 8 and 16 bits together become floats", async () => {
    const { pictures } = await samplesIn("float", { "float.tif": fixture("float.tif") });
    expect([...(pictures[0]?.pixels ?? [])]).toEqual(await greySamples(fixture("float.tif")));
    const mixed = await samplesIn("mixed", { "a.png": fixture("red.png"), "b.png": fixture("grey16.png") });
    const deep = (await greySamples(fixture("grey16.png"))).map((sample) => Math.fround(sample / 65_535));
    expect(mixed.pictures.map(({ pixels }) => [...pixels])).toEqual([
      Array(64 * 64).fill(Math.fround(54 / 255)),
      deep,
    ]);
  });

  test("12 bits in 16 are guessed for the whole folder, and said", async () => {
    const dark = await greyTiff(Uint16Array.from(made("dark", 0, 500)));
    const { format, lines } = await samplesIn("twelve", {
      "a.tif": dark,
      "b.tif": fixture("twelve-bit.tif"),
    });
    expect(format).toEqual({ bits: 16, range: { low: 0, high: 4095 } });
    expect(lines).toEqual(["twelve: no sample above 4095: read as 12 bits; give --range to choose"]);
  });

  test("the range is kept for denoising with the model, and for a resumed run", async () => {
    const bright = Uint16Array.from(made("bright", 0, 3000));
    const dark = Uint16Array.from(made("dark", 0, 500));
    mkdirSync(folder("scans"));
    writeFileSync(folder("scans/a.tif"), await greyTiff(bright, dark, bright));
    writeFileSync(folder("dark.tif"), await greyTiff(dark));
    const quick = ["--hidden", "3", "--epochs", "1", "--batch", "2", "--quiet"];
    const args = ["train", "--data", "scans", ...quick, "--checkpoint", "saved", "--out", "run"];
    expect(await unsnow(args, { cwd: folder() })).toMatchObject({ code: 0, stderr: "" });
    expect(readHistory(folder("run/history.json")).settings).toMatchObject({ range: "0..4095" });
    const note = parseTrainingNote(readFileSync(folder("run/model.safetensors")), "model");
    expect(note?.samples).toEqual({ bits: 16, range: { low: 0, high: 4095 } });
    const done = await unsnow(["denoise", "--model", "run/model.safetensors", "dark.tif", "--out", "dark"], {
      cwd: folder(),
    });
    expect(done.stderr).toContain(
      "dark.tif: read as 0..4095, which the model was trained on; give --range to choose\n",
    );
    const resumed = ["train", "--resume", "saved", "--epochs", "2", "--quiet", "--out", "run"];
    expect(await unsnow(resumed, { cwd: folder() })).toMatchObject({ code: 0, stderr: "" });
    expect(readHistory(folder("run/history.json")).epochs.length).toBe(2);
    const other = await unsnow([...resumed, "--range", "0..9"], { cwd: folder() });
    expect(other.stderr).toContain(
      "--range 0..9 contradicts the run in saved, whose range is 0..4095: leave it out.",
    );
  });

  test("CMYK and several pictures in a WebP file are refused, with the file's name", async () => {
    const plain = { create: { width: 8, height: 8, channels: 3, background: "#456" } } as const;
    const cmyk = await sharp(plain).toColourspace("cmyk").jpeg().toBuffer();
    await expect(samplesIn("cmyk", { "a.jpg": cmyk })).rejects.toThrow(
      "cmyk/a.jpg has 4 channels of the colour space cmyk as uchar, but only grey and RGB pictures of 8 or 16 bits or 32-bit floats are read.",
    );
    const frames = new Uint8Array(8 * 16 * 3).map((_, index) => index);
    const raw = { width: 8, height: 16, channels: 3, pageHeight: 8 } as const;
    const moving = await sharp(frames, { raw })
      .webp({ loop: 0, delay: [99, 99] })
      .toBuffer();
    await expect(samplesIn("moving", { "a.webp": moving })).rejects.toThrow(
      "moving/a.webp has 2 pages, but files with",
    );
  });

  test("a range is for pictures", async () => {
    const { stderr } = await unsnow(["train", "--data", "mnist", "--range", "0..9"], { cwd: folder() });
    expect(stderr).toContain("--range is for folders of pictures, but mnist is not one.");
  });
});
