import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { encodeModel } from "../../../src/formats/model-file.ts";
import { autoencoder } from "../../../src/spec/network.ts";
import { denoised, goldenFile, readModel } from "../fixtures.ts";
import { unsnow, useFolder } from "../program.ts";

type Samples = Uint8Array | Uint16Array;

/** A picture's samples, always the same for a size: no two pixels alike, and alpha of every degree. */
function made<S extends Samples>(samples: S): S {
  return samples.map((_, index) => (index * 2654435761) >>> (samples instanceof Uint16Array ? 9 : 17)) as S;
}

/** A picture [5 + 4, 7 + 5, channels] for sharp. */
const size = { width: 12, height: 9 };
const pixels = size.width * size.height;
function picture(channels: 1 | 2 | 3 | 4, bits: 8 | 16) {
  const samples = bits === 8 ? new Uint8Array(pixels * channels) : new Uint16Array(pixels * channels);
  const raw = sharp(made(samples), { raw: { ...size, channels } });
  return channels < 3 ? raw.toColourspace(bits === 8 ? "b-w" : "grey16") : raw.toColourspace(colour(bits));
}

function colour(bits: 8 | 16) {
  return bits === 8 ? "srgb" : "rgb16";
}

/** The samples in a file, upright and as they are, of red, green, blue and alpha. */
async function samplesOf(path: string) {
  const metadata = await sharp(path).metadata();
  const deep = metadata.depth === "ushort";
  const data = await sharp(path, { ignoreIcc: true, autoOrient: true })
    .toColourspace(colour(deep ? 16 : 8))
    .ensureAlpha()
    .raw({ depth: deep ? "ushort" : "uchar" })
    .toBuffer();
  const samples = deep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
  return { samples: Array.from(samples), metadata };
}

/** Samples of red, green, blue and alpha, the colours taken from what is white. */
function negativeOf(samples: readonly number[], white: number): number[] {
  return samples.map((sample, index) => (index % 4 === 3 ? sample : white - sample));
}

/** A network of windows of 5 x 7 pixels that gives the negative of a picture, 1 - x, to the last digits of float32. */
function negativeModel(channels: number): Uint8Array {
  const size = 5 * 7 * channels;
  const network = autoencoder([5, 7], [size], { output: "linear", channels });
  const diagonal = (value: number) =>
    Float32Array.from({ length: size * size }, (_, index) => (index % (size + 1) === 0 ? value : 0));
  return encodeModel({
    network,
    layers: [
      { weight: diagonal(1), bias: new Float32Array(size) },
      { weight: diagonal(-1), bias: new Float32Array(size).fill(1) },
    ],
  });
}

export function denoisingPictures() {
  const folder = useFolder();
  const denoise = (...args: readonly string[]) => unsnow(["denoise", ...args], { cwd: folder() });
  const files = (name: string) =>
    readdirSync(folder(name), { recursive: true, encoding: "utf8", withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder(name).length + 1))
      .sort();
  const png = (channels: 1 | 2 | 3 | 4 = 1, bits: 8 | 16 = 8) => picture(channels, bits).png().toBuffer();

  beforeAll(async () => {
    writeFileSync(folder("negative"), negativeModel(1));
    writeFileSync(folder("negative-colour"), negativeModel(3));
    for (const name of ["album/a.png", "album/deep/er/a.png", "album/deep/b.PNG", "album/.hidden.png"]) {
      mkdirSync(folder(`${name}/..`), { recursive: true });
      writeFileSync(folder(name), await png());
    }
    writeFileSync(folder("album/notes.txt"), "no picture");
  });

  test.each([
    ["grey.png", () => picture(1, 8).png()],
    ["grey-alpha.png", () => picture(2, 8).png()],
    ["colour.png", () => picture(3, 8).png()],
    ["colour-alpha.png", () => picture(4, 8).png()],
    ["grey-16.png", () => picture(1, 16).png()],
    ["grey-alpha-16.png", () => picture(2, 16).png()],
    ["colour-alpha-16.png", () => picture(4, 16).png()],
    ["colour-16.tif", () => picture(3, 16).tiff({ compression: "lzw" })],
    ["grey-16.tiff", () => picture(1, 16).tiff({ compression: "none" })],
    ["colour-alpha.tiff", () => picture(4, 8).tiff({ compression: "none" })],
    ["lossless.webp", () => picture(4, 8).webp({ lossless: true, exact: true })],
  ])(
    "%s comes out as the network has it, bit for bit, with alpha, bits and profile as they were",
    async (name, make) => {
      const profiled = make()
        .withIccProfile(name.startsWith("grey") ? "srgb" : "p3")
        .withExif({ IFD0: { Copyright: "someone" } });
      writeFileSync(folder(name), await (name.startsWith("grey") ? make() : profiled).toBuffer());
      const before = await samplesOf(folder(name));
      // The network of one kind of picture denoises the other as well.
      for (const model of ["negative", "negative-colour"]) {
        const { code, stderr } = await denoise(
          "--model",
          model,
          name,
          "--out",
          model.replace("negative", "out"),
        );
        expect({ code, fault: /^unsnow.*/m.exec(stderr)?.[0] }).toEqual({ code: 0, fault: undefined });
        const after = await samplesOf(folder(`${model.replace("negative", "out")}/${name}`));
        expect(after.samples).toEqual(negativeOf(before.samples, name.includes("-16") ? 65_535 : 255));
        for (const key of ["format", "depth", "space", "channels", "hasAlpha"] as const) {
          expect({ [key]: after.metadata[key] }).toEqual({ [key]: before.metadata[key] });
        }
        expect(after.metadata.icc).toEqual(before.metadata.icc);
        if (before.metadata.exif) expect(after.metadata.exif?.includes("someone")).toBe(true);
      }
    },
  );

  test.each([8, 16] as const)("%i bits: the values are what float64 makes of them", async (bits) => {
    const model = readModel(goldenFile("odd", "final.safetensors"));
    const most = 2 ** bits - 1;
    const samples = made(bits === 8 ? new Uint8Array(2 * 35) : new Uint16Array(2 * 35));
    const raw = { width: 7, height: 5, channels: 2 } as const;
    const name = `values-${bits}.png`;
    const space = bits === 8 ? "b-w" : "grey16";
    writeFileSync(folder(name), await sharp(samples, { raw }).toColourspace(space).png().toBuffer());
    const { code } = await denoise(
      "--model",
      goldenFile("odd", "final.safetensors"),
      name,
      "--out",
      "values",
    );
    expect(code).toBe(0);
    const after = await samplesOf(folder(`values/${name}`));
    const grey = Array.from(samples).filter((_, index) => index % 2 === 0);
    expect(after.metadata.channels).toBe(2);
    const expected = denoised(
      model,
      grey.map((sample) => sample / most),
    );
    expected.forEach((value, pixel) => {
      // Rounded to a sample, with float32's last digits before: 1e-6 of 65535.
      expect(Math.abs((after.samples[4 * pixel] ?? Number.NaN) - most * value)).toBeLessThan(0.57);
      expect(after.samples[4 * pixel + 3]).toBe(samples[2 * pixel + 1]);
    });
  });

  test("lossy formats stay what they are, upright once, with profile and chroma as they were", async () => {
    const slope = Uint8Array.from({ length: 40 * 24 * 3 }, (_, index) => 40 + (index % 120) + index / 60);
    const smooth = sharp(slope, { raw: { width: 40, height: 24, channels: 3 } });
    const jpeg = smooth.clone().withIccProfile("p3").withMetadata({ orientation: 6 });
    writeFileSync(folder("turned.jpg"), await jpeg.jpeg({ chromaSubsampling: "4:4:4" }).toBuffer());
    const alpha = smooth.clone().ensureAlpha(0.3);
    writeFileSync(folder("lossy.webp"), await alpha.webp({ quality: 80 }).toBuffer());
    const { code } = await denoise("--model", "negative", "turned.jpg", "lossy.webp", "--out", "lossy");
    expect(code).toBe(0);
    const turned = await samplesOf(folder("lossy/turned.jpg"));
    expect(turned.metadata).toMatchObject({
      ...{ format: "jpeg", width: 24, height: 40, chromaSubsampling: "4:4:4" },
    });
    expect(turned.metadata.autoOrient).toEqual({ width: 24, height: 40 });
    expect(turned.metadata.icc).toEqual((await sharp(folder("turned.jpg")).metadata()).icc);
    const before = await samplesOf(folder("turned.jpg"));
    negativeOf(before.samples, 255).forEach((value, index) => {
      expect(Math.abs(value - (turned.samples[index] ?? Number.NaN))).toBeLessThanOrEqual(3);
    });
    const webp = await samplesOf(folder("lossy/lossy.webp"));
    expect(webp.metadata).toMatchObject({ format: "webp", width: 40, height: 24 });
    expect(new Set(webp.samples.filter((_, index) => index % 4 === 3))).toEqual(
      new Set([Math.floor(0.3 * 255)]),
    );
    expect(readFileSync(folder("lossy/lossy.webp")).includes("VP8L")).toBe(false);
  });

  test("a folder keeps its sub-folders; what is there is skipped unless --force; the output is no input", async () => {
    const run = (...args: readonly string[]) =>
      denoise("--model", "negative", "album", "--out", "album/clean", ...args);
    const first = await run();
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/^Denoised 3 pictures into album\/clean on .+\.\n$/);
    expect(first.stderr).toMatch(/^album\/deep\/er\/a\.png: 0\.00 megapixels in /m);
    expect(files("album/clean")).toEqual(["a.png", "deep/b.PNG", "deep/er/a.png"]);

    writeFileSync(folder("album/clean/a.png"), "kept");
    const second = await run();
    expect(second).toMatchObject({ code: 0, stderr: "" });
    expect(second.stdout).toBe(
      "Denoised 0 pictures into album/clean; 3 pictures there already (--force denoises them again).\n",
    );
    expect(readFileSync(folder("album/clean/a.png"), "utf8")).toBe("kept");

    const forced = await run("--force");
    expect(forced.stdout).toMatch(/^Denoised 3 pictures /);
    expect((await samplesOf(folder("album/clean/a.png"))).metadata.format).toBe("png");
    expect(files("album/clean")).toEqual(["a.png", "deep/b.PNG", "deep/er/a.png"]);
  });

  test("patterns are expanded where the shell did not, and a file of such a name is that file", async () => {
    mkdirSync(folder("scans/x"), { recursive: true });
    for (const name of ["1.png", "2.png", "3.tif", "x/4.png", "[1].png"]) {
      writeFileSync(folder(`scans/${name}`), await png());
    }
    const { code } = await denoise(
      "--model",
      "negative",
      "scans/{1,2,3}.*",
      "scans/[1].png",
      "--out",
      "patterns",
    );
    expect(code).toBe(0);
    expect(files("patterns")).toEqual(["1.png", "2.png", "3.tif", "[1].png"]);
    const deep = await denoise("--model", "negative", `${folder("scans")}/*/*.png`, "--out", "patterns");
    expect(deep.code).toBe(0);
    expect(files("patterns")).toContain("4.png");
  });

  test("files that cannot be denoised are told of in a sentence each, and the others go on", async () => {
    mkdirSync(folder("bad/folder.png"), { recursive: true });
    mkdirSync(folder("bad-out/taken.png"), { recursive: true });
    const good = await png(3);
    const huge = Buffer.from(good);
    huge.writeUInt32BE(100_000, 16);
    huge.writeUInt32BE(100_000, 20);
    huge.writeUInt32BE(crc32(huge.subarray(12, 29)), 29);
    const animated = sharp(made(new Uint8Array(3 * 4 * 8)), {
      raw: { width: 4, height: 8, channels: 3, pageHeight: 4 },
    });
    const contents: Readonly<Record<string, Uint8Array | string>> = {
      "1-text.png": "no picture at all",
      "2-cut.png": good.subarray(0, good.length - 60),
      "3-huge.png": huge,
      "4-cmyk.jpg": await picture(3, 8).toColourspace("cmyk").jpeg().toBuffer(),
      "5-pages.webp": await animated.webp().toBuffer(),
      "6-other.gif": await picture(3, 8).gif().toBuffer(),
      "8-good.png": good,
      "taken.png": good,
    };
    for (const [name, content] of Object.entries(contents)) writeFileSync(folder(`bad/${name}`), content);
    writeFileSync(folder("in-place.png"), good);
    const inputs = [...Object.keys(contents).map((name) => `bad/${name}`), "absent.png", "nothing/*.png"];
    const { code, stdout, stderr } = await denoise("--model", "negative", ...inputs, "--out", "bad-out");
    const told = stderr.split("\n").filter((line) => line.startsWith("unsnow: "));
    const expected = [
      /^unsnow: absent\.png cannot be read: there is no such file or folder\.$/,
      /^unsnow: No picture matches nothing\/\*\.png\.$/,
      /^unsnow: bad-out\/taken\.png cannot be written: it is a folder\.$/,
      /^unsnow: bad\/1-text\.png cannot be read as a picture: .+\.$/,
      /^unsnow: bad\/2-cut\.png cannot be read as a picture: .+\.$/,
      /^unsnow: bad\/3-huge\.png has 100000 x 100000 pixels, 30\.0 GB in memory, but at most 1073741824 pixels and .+\.$/,
      /^unsnow: bad\/4-cmyk\.jpg has 4 channels of the colour space cmyk as uchar, but only grey and RGB .+\.$/,
      /^unsnow: bad\/5-pages\.webp has 2 pages, but only files of one picture are denoised\.$/,
      /^unsnow: bad\/6-other\.gif is a file of the format gif, but only PNG, JPEG, WebP and TIFF .+\.$/,
    ];
    expect(told.length).toBe(expected.length);
    expected.forEach((sentence, index) => {
      expect(told[index]).toMatch(sentence);
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Denoised 1 picture into bad-out on .+; 9 pictures could not be denoised\.\n$/);
    expect(files("bad-out")).toEqual(["8-good.png"]);
  });

  test("no input is ever overwritten, by its own result or by another's", async () => {
    const bytes = await png();
    mkdirSync(folder("one"));
    mkdirSync(folder("two"));
    for (const name of ["one/x.png", "two/x.png", "two/y.png"]) writeFileSync(folder(name), bytes);
    for (const [args, sentence] of [
      [["one/x.png"], "one/x.png would be overwritten by its own result: choose another folder for --out."],
      [["one"], "one cannot be denoised into itself: choose another --out."],
      [
        ["one/x.png", "two/x.png"],
        "one/x.png and two/x.png would both be written to one/x.png: denoise the folder above them, which keeps its sub-folders.",
      ],
    ] as const) {
      const outcome = await denoise("--model", "negative", ...args, "--out", "one", "--force");
      expect(outcome).toEqual({ code: 1, stdout: "", stderr: `unsnow: ${sentence}\n` });
    }
    const { code } = await denoise(
      "--model",
      "negative",
      "one/x.png",
      "two/y.png",
      "two/y.png",
      "--out",
      "two",
    );
    expect(code).toBe(1);
    expect(
      ["one/x.png", "two/x.png", "two/y.png"].map((name) => readFileSync(folder(name)).equals(bytes)),
    ).toEqual([true, true, true]);
  });

  test("a folder that cannot be written, a model that is none, and a stride out of range end it all", async () => {
    writeFileSync(folder("file"), "kept");
    for (const [args, sentence] of [
      [
        ["--model", "negative", "--out", "file/out"],
        /file\/out cannot be written: a part of its path is not a folder\./,
      ],
      [["--model", "album/a.png", "--out", "no"], /album\/a\.png is not a safetensors file/],
      [
        ["--model", "negative", "--stride", "6", "--out", "no"],
        /The stride of windows of 5 x 7 pixels .* it is 6\./,
      ],
    ] as const) {
      const { code, stderr } = await denoise("album/a.png", ...args);
      expect(code).toBe(1);
      expect(stderr).toMatch(sentence);
    }
    expect(readFileSync(folder("file"), "utf8")).toBe("kept");
    expect(readdirSync(folder()).includes("no")).toBe(false);
  });

  test.each([
    [[], /^unsnow: name the pictures to denoise, or give an IDX file with --data\n$/],
    [["a.png", "--data", "mnist"], /^unsnow: pictures and --data cannot be denoised together\n$/],
    [
      ["--data", "mnist", "--stride", "2"],
      /^unsnow: --stride and --force are for pictures, not for --data\n$/,
    ],
    [["--data", "mnist", "--force"], /^unsnow: --stride and --force are for pictures, not for --data\n$/],
    [["a.png", "--stride", "wide"], /"wide" is not a number\./],
    [[""], /^unsnow: the name of a picture is empty\n$/],
  ])("%j is wrong usage", async (args, sentence) => {
    const { code, stdout, stderr } = await denoise("--model", "negative", "--out", "none", ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(sentence);
  });

  test("Ctrl-C leaves the pictures that are done, and nothing else", async () => {
    mkdirSync(folder("long"));
    writeFileSync(folder("long/1.png"), await png());
    const large = { create: { width: 1500, height: 1500, channels: 3, background: "#808080" } } as const;
    writeFileSync(folder("long/2.png"), await sharp(large).png().toBuffer());
    writeFileSync(folder("long/3.png"), await png());
    let interrupted = false;
    const args = ["--model", "negative", "long", "--stride", "1", "--out", "long-out"];
    const { code, stdout } = await unsnow(["denoise", ...args], {
      cwd: folder(),
      onStderr: (text, interrupt) => {
        if (interrupted || !text.includes("long/1.png: ")) return;
        interrupted = true;
        interrupt();
      },
    });
    expect(code).toBe(130);
    expect(stdout).toMatch(/^Stopped after 1 of 3 pictures\.\nDenoised 1 picture into long-out/);
    expect(files("long-out")).toEqual(["1.png"]);
  });
}
