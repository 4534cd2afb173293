import { copyFileSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { findPictures } from "../../src/cli/find-pictures.ts";
import { listPictures } from "../../src/cli/list-pictures.ts";
import { readFolder, readTwins } from "../../src/cli/picture-folder.ts";
import { type ReadFolder, sampledSets } from "../../src/cli/sampled-sets.ts";
import { encodeIdx } from "../../src/data/idx.ts";
import { buildProgram } from "./build-program.ts";
import { negativeModel } from "./made-pictures.ts";
import { unsnow, useFolder } from "./program.ts";

const folder = useFolder();
const here = { folder: "/" };
// The filters' threads and the digits are beside the built program.
beforeAll(buildProgram, 300_000);

/** What macOS writes beside a.png on other file systems (RFC 1740). */
const appleDouble = fileURLToPath(new URL("../fixtures/appledouble.bin", import.meta.url));

async function picture(path: string, level = 100): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const raw = { width: 12, height: 12, channels: 1 } as const;
  await sharp(new Uint8Array(144).fill(level), { raw }).toFile(path);
}

function text(path: string, content: string | Uint8Array = "no picture"): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** A folder of pictures as people have them; returns its path. */
async function photos(name: string): Promise<string> {
  const path = folder(name);
  for (const [index, file] of ["b.png", "2024/a.png", "2024/may/c.tif", "A.png", "d.jfif.jpg"].entries()) {
    await picture(`${path}/${file}`, 20 * index);
  }
  copyFileSync(appleDouble, `${path}/._b.png`);
  text(`${path}/.DS_Store`);
  text(`${path}/.thumbnails/b.png`);
  text(`${path}/__MACOSX/b.png`);
  symlinkSync(path, `${path}/2024/loop`);
  symlinkSync("loop-b", `${path}/loop-a`);
  symlinkSync(`${path}/2024`, `${path}/0-the-same`);
  for (const other of ["x.heic", "2024/y.HEIC", "z.cr2"]) text(`${path}/${other}`);
  return path;
}

const inOrder = ["2024/a.png", "2024/may/c.tif", "A.png", "b.png", "d.jfif.jpg"];
const remark = "Passed over 3 files that are not read as pictures: 2 .heic, 1 .cr2.";
const namesOf = ({ pictures }: ReadFolder) => pictures.map(({ picture }) => picture.name);

const trainQuickly = ["--hidden", "4", "--batch", "2", "--epochs", "1"];

describe("pictures in a folder and its sub-folders", () => {
  test("are found in sorted order, once each, without hidden ones, also where links make loops", async () => {
    const path = await photos("all");
    const listed = await listPictures(here, path);
    expect(listed.pictures).toEqual(inOrder);
    expect(listed.others).toEqual(["2024/y.HEIC", "loop-a", "x.heic", "z.cr2"]);
    expect(listed.faults).toEqual([]);
  });

  test("train: are read under their paths, and one line counts the ignored files", async () => {
    const path = await photos("train");
    symlinkSync("/nowhere", `${path}/gone.txt`);
    const read = await readFolder(here, path, 1);
    expect(namesOf(read)).toEqual(inOrder);
    const [set] = sampledSets([read]);
    expect(set?.pictures.map(({ pixels }) => pixels[0])).toEqual([20, 40, 60, 0, 80]);
    const out = `${path}/run`;
    const run = await unsnow(["train", "--data", path, ...trainQuickly, "--out", out]);
    expect(run.stderr).toContain(
      `${path}: Passed over 5 files that are not read as pictures: 2 .heic, 1 .cr2, 1 .txt, 1 without an ending.\n`,
    );
    expect(run.code).toBe(0);
    expect(existsSync(`${out}/samples.png`)).toBe(true);
    // The results are no pictures to train on, whatever --out is later.
    expect((await listPictures(here, path)).pictures).toEqual(inOrder);
  });

  test("are paired with twins by their paths without the endings, also with a twin's folder within", async () => {
    const path = folder("pairs");
    for (const name of ["a", "one/a", "two/a"]) {
      await picture(`${path}/${name}.png`);
      await picture(`${path}/noisy/${name}.tif`);
    }
    const reading = { without: [`${path}/noisy`, path] };
    const clean = await readFolder(here, path, 1, reading);
    expect(namesOf(clean)).toEqual(["a.png", "one/a.png", "two/a.png"]);
    const noisy = await readTwins(here, `${path}/noisy`, clean, reading);
    expect(namesOf(noisy)).toEqual(["a.tif", "one/a.tif", "two/a.tif"]);
    await picture(`${path}/three/b.png`);
    const more = await readFolder(here, path, 1, reading);
    await expect(readTwins(here, `${path}/noisy`, more, reading)).rejects.toThrow("none for three/b.png.");
  });

  test("denoise: keep their sub-folders, and the other files are counted", async () => {
    const path = await photos("denoise");
    const model = folder("negative.safetensors");
    writeFileSync(model, negativeModel(1));
    const run = await unsnow(["denoise", "--model", model, path, "--out", `${path}/clean`]);
    expect(run.stderr).toContain(
      "Passed over 4 files that are not read as pictures: 2 .heic, 1 .cr2, 1 without an ending.\n",
    );
    expect(run.code).toBe(0);
    const written = readdirSync(`${path}/clean`, { recursive: true }).map(String).sort();
    expect(written).toEqual(["2024", "2024/may", ...inOrder].sort());
    // The results in it are not denoised again.
    const found = await findPictures(here, [path], `${path}/clean`);
    expect(found.pictures.map(({ target }) => target)).toEqual(inOrder);
  });

  test("a pattern with loops of links ends, and counts what else matches it", async () => {
    const path = await photos("pattern");
    const { pictures, faults, remark: line } = await findPictures(here, [`${path}/*`], folder("nowhere"));
    expect(pictures.map(({ target }) => target)).toEqual(["A.png", "b.png", "d.jfif.jpg"]);
    expect({ faults, line }).toEqual({
      faults: [],
      line: "Passed over 2 files that are not read as pictures: 1 .cr2, 1 .heic.",
    });
    const everywhere = await findPictures(here, [`${path}/**/c.tif`], folder("nowhere"));
    expect(everywhere.pictures.map(({ target }) => target)).toEqual(["c.tif"]);
  });

  test("evaluate: all are evaluated, and one line counts the ignored files", async () => {
    const path = await photos("evaluate");
    const model = folder("negative-too.safetensors");
    writeFileSync(model, negativeModel(1));
    const all = ["--val-data", path, "--noise", "gaussian:0.1", "--filters", "none"];
    const run = await unsnow(["evaluate", "--model", model, "--data", path, ...all]);
    expect(run.stderr).toContain(
      `${path}: ${remark.replace("3", "4").replace(".cr2.", ".cr2, 1 without an ending.")}\n`,
    );
    expect(run.stdout).toContain(`5 images of ${path}`);
    expect(run.code).toBe(0);
  });
});

describe("a folder without pictures", () => {
  test.each([
    [
      "only HEIC and RAW",
      { "a.heic": "", "sub/b.heic": "", "c.nef": "" },
      ", only 2 .heic, 1 .nef: convert them to PNG, TIFF, JPEG or WebP.",
    ],
    ["only other files", { "a.txt": "" }, ", only other files: 1 .txt."],
    ["only hidden files", { "._a.png": "", ".DS_Store": "" }, "."],
  ])("%s", async (name, files, end) => {
    const path = folder(name);
    for (const [file, content] of Object.entries(files)) text(`${path}/${file}`, content);
    const sentence = `${path} holds no pictures (.png, .jpg, .jpeg, .jpe, .jfif, .webp, .tif, .tiff, .avif)${end}`;
    for (const command of [["train"], ["evaluate", "--model", "digits"]]) {
      const { code, stderr } = await unsnow([...command, "--data", path]);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`unsnow: ${sentence}\n`) });
    }
    const { faults } = await findPictures(here, [path], folder("none"));
    expect(faults).toEqual([sentence]);
  });

  const images = encodeIdx([2, 3, 3], new Uint8Array(18));
  const labels = encodeIdx([2], new Uint8Array(2));

  test.each([
    [
      "one named packed file",
      { "train-images-idx3-ubyte.gz": gzipSync(images), "notes.txt": "" },
      "file train-images-idx3-ubyte.gz: give its path.",
    ],
    ["one file without a name that says so", { "digits.dat": images }, "file digits.dat: give its path."],
    ["one such packed file", { "digits.dat.gz": gzipSync(images) }, "file digits.dat.gz: give its path."],
    ["a damaged one", { "a.idx": "" }, "file a.idx: give its path."],
    [
      "MNIST's files",
      {
        "t10k-images-idx3-ubyte.gz": gzipSync(images),
        "t10k-labels-idx1-ubyte.gz": gzipSync(labels),
        "train-images-idx3-ubyte.gz": gzipSync(images),
        "train-labels-idx1-ubyte.gz": gzipSync(labels),
      },
      "files t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz, train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz: give the path of one, as F/train-images-idx3-ubyte.gz.",
    ],
  ] as const)(
    "but with IDX files says so: %s",
    async (name, files: Readonly<Record<string, string | Uint8Array>>, end) => {
      const path = folder(name);
      for (const [file, content] of Object.entries(files)) text(`${path}/${file}`, content);
      const { code, stderr } = await unsnow(["train", "--data", path]);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: `unsnow: ${path} holds the IDX ${end.replace("F/", `${path}/`)}\n`,
      });
    },
  );
});

describe("a file in another format, named explicitly,", () => {
  const heic = Buffer.from("\0\0\0\x18ftypheic\0\0\0\0", "latin1");

  test("is to be converted", async () => {
    text(folder("IMG_1.HEIC"), heic);
    text(folder("odd.png"), heic);
    text(folder("scan.bmp"), Buffer.from("BM\x46\0\0\0\0\0\0\0\x36\0\0\0", "latin1"));
    await picture(folder("plain.tif"));
    // Most RAW formats are TIFF files with a small picture first, which is not the photograph.
    copyFileSync(folder("plain.tif"), folder("shot.dng"));
    await picture(folder("misnamed.png"));
    copyFileSync(folder("misnamed.png"), folder("misnamed.heic"));
    const names = ["IMG_1.HEIC", "odd.png", "scan.bmp", "shot.dng", "misnamed.heic", "*.dng"].map((name) =>
      folder(name),
    );
    const { pictures, faults } = await findPictures(here, names, folder("none"));
    expect(pictures.map(({ target }) => target)).toEqual(["misnamed.heic"]);
    const sentence = (name: string, format: string) =>
      `${name} is in ${format}, which is not read: convert it to PNG, TIFF, JPEG or WebP.`;
    expect(faults.slice(0, 4)).toEqual([
      sentence(folder("IMG_1.HEIC"), "the format HEIC"),
      sentence(folder("odd.png"), "the format HEIC"),
      sentence(folder("scan.bmp"), "the format BMP"),
      sentence(folder("shot.dng"), "a RAW format of cameras"),
    ]);
    expect(faults[4]).toMatch(/shot\.dng is in a RAW format of cameras, which is not read/);
  });

  test("to cut patches from, is to be converted or given by its folder", async () => {
    text(folder("IMG_3.HEIC"), heic);
    await picture(folder("two.png"));
    for (const [name, end] of [
      ["IMG_3.HEIC", "is in the format HEIC, which is not read: convert it to PNG, TIFF, JPEG or WebP."],
      ["two.png", "is a file: give the folder of the pictures."],
    ] as const) {
      const { code, stderr } = await unsnow(["train", "--patch", "5", "--data", folder(name)]);
      expect({ code, stderr }).toEqual({ code: 1, stderr: `unsnow: ${folder(name)} ${end}\n` });
    }
  });

  test("as images to train on, is to be converted and put into a folder", async () => {
    const convert = "convert it to PNG, TIFF, JPEG or WebP, and ";
    for (const [name, format, first] of [
      ["IMG_2.HEIC", "HEIC", convert],
      ["one.png", "PNG", ""],
    ] as const) {
      if (format === "PNG") await picture(folder(name));
      else text(folder(name), heic);
      const { code, stderr } = await unsnow(["train", "--data", folder(name)]);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: `unsnow: ${folder(name)} is a picture in the format ${format}, not an IDX file of images: ${first}give the folder that it is in.\n`,
      });
    }
  });
});
