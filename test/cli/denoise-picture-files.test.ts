import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { madePicture, madeSamples, negativeModel, samplesOf } from "./made-pictures.ts";
import { unsnow, useFolder } from "./program.ts";

const folder = useFolder();
const denoise = (...args: readonly string[]) => unsnow(["denoise", ...args], { cwd: folder() });
const files = (name: string) =>
  readdirSync(folder(name), { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder(name).length + 1))
    .sort();
const png = (channels: 1 | 3 = 1) => madePicture(channels, 8).png().toBuffer();

beforeAll(async () => {
  writeFileSync(folder("negative"), negativeModel(1));
  for (const name of ["album/a.png", "album/deep/er/a.png", "album/deep/b.PNG", "album/.hidden.png"]) {
    mkdirSync(folder(`${name}/..`), { recursive: true });
    writeFileSync(folder(name), await png());
  }
  writeFileSync(folder("album/notes.txt"), "no picture");
});

test("sub-folders are kept, existing results are skipped without --force, and results are not taken as inputs", async () => {
  const run = (...args: readonly string[]) =>
    denoise("--model", "negative", "album", "--out", "album/clean", ...args);
  const first = await run();
  expect(first.code).toBe(0);
  expect(first.stdout).toMatch(/^Denoised 3 pictures into album\/clean on .+\.\n$/);
  expect(first.stderr).toMatch(/^album\/deep\/er\/a\.png: 0\.00 megapixels in /m);
  expect(files("album/clean")).toEqual(["a.png", "deep/b.PNG", "deep/er/a.png"]);

  writeFileSync(folder("album/clean/a.png"), "kept");
  const second = await run();
  expect(second).toMatchObject({
    code: 0,
    stderr: "Passed over 1 file that is not read as a picture: 1 .txt.\n",
  });
  expect(second.stdout).toBe(
    "Denoised 0 pictures into album/clean; 3 pictures there already (--force denoises them again).\n",
  );
  expect(readFileSync(folder("album/clean/a.png"), "utf8")).toBe("kept");

  const forced = await run("--force");
  expect(forced.stdout).toMatch(/^Denoised 3 pictures /);
  expect((await samplesOf(folder("album/clean/a.png"))).metadata.format).toBe("png");
  expect(files("album/clean")).toEqual(["a.png", "deep/b.PNG", "deep/er/a.png"]);
});

test("patterns are expanded if the shell did not, and a file whose name is a pattern is that file", async () => {
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

test("files that cannot be denoised are reported in one sentence each, and the others are denoised", async () => {
  mkdirSync(folder("bad/folder.png"), { recursive: true });
  mkdirSync(folder("bad-out/taken.png"), { recursive: true });
  const good = await png(3);
  const huge = Buffer.from(good);
  huge.writeUInt32BE(100_000, 16);
  huge.writeUInt32BE(100_000, 20);
  huge.writeUInt32BE(crc32(huge.subarray(12, 29)), 29);
  const animated = sharp(madeSamples(new Uint8Array(3 * 4 * 8)), {
    raw: { width: 4, height: 8, channels: 3, pageHeight: 4 },
  });
  const contents: Readonly<Record<string, Uint8Array | string>> = {
    "1-text.png": "no picture at all",
    "2-cut.png": good.subarray(0, good.length - 60),
    "3-huge.png": huge,
    "4-cmyk.jpg": await madePicture(3, 8).toColourspace("cmyk").jpeg().toBuffer(),
    "5-pages.webp": await animated.webp().toBuffer(),
    "6-other.gif": await madePicture(3, 8).gif().toBuffer(),
    "8-good.png": good,
    "taken.png": good,
  };
  for (const [name, content] of Object.entries(contents)) writeFileSync(folder(`bad/${name}`), content);
  writeFileSync(folder("in-place.png"), good);
  const inputs = [...Object.keys(contents).map((name) => `bad/${name}`), "absent.png", "nothing/*.png"];
  const { code, stdout, stderr } = await denoise("--model", "negative", ...inputs, "--out", "bad-out");
  const told = stderr.split("\n").filter((line) => line.startsWith("unsnow: "));
  const expected = [
    /^unsnow: bad\/6-other\.gif is in the format GIF, which is not read: convert it to PNG, TIFF, JPEG or WebP\.$/,
    /^unsnow: absent\.png cannot be read: there is no such file or folder\.$/,
    /^unsnow: No picture matches nothing\/\*\.png\.$/,
    /^unsnow: bad-out\/taken\.png cannot be written: it is a folder\.$/,
    /^unsnow: bad\/1-text\.png cannot be read as a picture: .+\.$/,
    /^unsnow: bad\/2-cut\.png cannot be read as a picture: .+\.$/,
    /^unsnow: bad\/3-huge\.png has 100000 x 100000 pixels, 30\.0 GB in memory, but at most 1073741824 pixels and .+\.$/,
    /^unsnow: bad\/4-cmyk\.jpg has 4 channels of the colour space cmyk as uchar, but only grey and RGB .+\.$/,
    /^unsnow: bad\/5-pages\.webp has 2 pages, but files with several pages are read only in the format TIFF\.$/,
  ];
  expect(told.length).toBe(expected.length);
  expected.forEach((sentence, index) => {
    expect(told[index]).toMatch(sentence);
  });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^Denoised 1 picture into bad-out on .+; 9 pictures could not be denoised\.\n$/);
  expect(files("bad-out")).toEqual(["8-good.png"]);
});

test("no input is overwritten by its own result or by another one's", async () => {
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

test("a folder that cannot be written, an invalid model and a stride out of range end the command", async () => {
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

test("Ctrl-C keeps the pictures that are done, and no other files", async () => {
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
