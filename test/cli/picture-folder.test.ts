import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readFolder, readTwins } from "../../src/cli/picture-folder.ts";
import { imagesOf, sampledSets } from "../../src/cli/sampled-sets.ts";
import type { PictureSet } from "../../src/data/picture-set.ts";

/** All paths here are absolute. */
const here = { folder: "/" };

async function loadPictures(folder: string, channels: 1 | 3): Promise<PictureSet> {
  const [set] = sampledSets([await readFolder(here, folder, channels)]);
  if (!set) throw new Error("There is no set.");
  return set;
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "unsnow-pictures-"));
});
afterEach(() => rm(folder, { recursive: true }));

type Size = readonly [rows: number, columns: number, channels: 1 | 2 | 3 | 4];

/** Writes a picture of increasing values. */
async function write(name: string, [height, width, channels]: Size): Promise<Uint8Array> {
  const bytes = Uint8Array.from({ length: height * width * channels }, (_, index) => (7 * index) % 256);
  const path = join(folder, name);
  await mkdir(join(path, ".."), { recursive: true });
  await sharp(bytes, { raw: { width, height, channels } }).toFile(path);
  return bytes;
}

const namesOf = ({ pictures }: PictureSet) => pictures.map(({ name }) => name);

describe("a folder of pictures", () => {
  test("is read in the order of names, in grey or in colour, and other files are ignored", async () => {
    const colour = await write("b.png", [3, 4, 3]);
    const grey = await write("a.PNG", [2, 5, 1]);
    await writeFile(join(folder, "notes.txt"), "not a picture");
    const inColour = await loadPictures(folder, 3);
    expect(namesOf(inColour)).toEqual(["a.PNG", "b.png"]);
    expect(inColour.pictures.map(({ rows, columns }) => [rows, columns])).toEqual([
      [2, 5],
      [3, 4],
    ]);
    expect(inColour.pictures[1]?.pixels).toEqual(colour);
    expect([...(inColour.pictures[0]?.pixels ?? [])]).toEqual(
      [...grey].flatMap((value) => [value, value, value]),
    );
    const inGrey = await loadPictures(folder, 1);
    expect(inGrey.pictures[0]?.pixels).toEqual(grey);
    expect(inGrey.pictures[1]?.pixels.length).toBe(12);
  });

  test("rotates pictures upright, and puts them over white", async () => {
    const bytes = Uint8Array.from({ length: 2 * 3 * 4 }, (_, index) =>
      index % 4 === 3 ? 51 * (index >> 2) : index,
    );
    const raw = { width: 3, height: 2, channels: 4 } as const;
    await sharp(bytes, { raw }).withMetadata({ orientation: 6 }).png().toFile(join(folder, "turned.png"));
    const { pictures } = await loadPictures(folder, 3);
    expect(pictures[0]).toMatchObject({ rows: 3, columns: 2 });
    // A quarter turn clockwise: the lower left pixel is first.
    // Its alpha is 153 of 255: 12 over white is 0.6 * 12 + 0.4 * 255 = 109.2.
    expect([...(pictures[0]?.pixels.subarray(0, 3) ?? [])]).toEqual([109, 110, 110]);
  });

  test("pairs twins by their names without the endings", async () => {
    for (const name of ["b.png", "a.webp", "c.tif"]) await write(`clean/${name}`, [4, 4, 1]);
    for (const name of ["c.png", "a.png", "b.jpg"]) await write(`noisy/${name}`, [4, 4, 1]);
    const clean = await readFolder(here, join(folder, "clean"), 1);
    const twins = await readTwins(here, join(folder, "noisy"), clean);
    expect(twins.pictures.map(({ picture }) => picture.name)).toEqual(["a.png", "b.jpg", "c.png"]);
    await rm(join(folder, "noisy/a.png"));
    await expect(readTwins(here, join(folder, "noisy"), clean)).rejects.toThrow(
      `Every picture needs a twin of the same name, but ${join(folder, "noisy")} has none for a.webp.`,
    );
    await write("noisy/a.png", [4, 4, 1]);
    for (const name of ["d", "e", "f", "g"]) await write(`noisy/${name}.png`, [4, 4, 1]);
    await expect(readTwins(here, join(folder, "noisy"), clean)).rejects.toThrow(
      "has none for d.png, e.png, f.png and 1 more of",
    );
  });

  test("with pictures of one size is a set of images, and with many sizes needs patches", async () => {
    const first = await write("1.png", [2, 3, 1]);
    const second = await write("2.png", [2, 3, 1]);
    const images = imagesOf(await loadPictures(folder, 1));
    expect(images).toMatchObject({ count: 2, rows: 2, columns: 3 });
    expect([...images.pixels]).toEqual([...first, ...second]);
    await write("3.png", [3, 2, 1]);
    const many = await loadPictures(folder, 1);
    expect(() => imagesOf(many)).toThrow(
      `The pictures of ${folder} have different sizes (1.png 2 x 3, 3.png 3 x 2): give --patch to train on patches of them.`,
    );
  });

  test("reports what is wrong", async () => {
    await expect(loadPictures(folder, 1)).rejects.toThrow(`${folder} holds no pictures (.png, .jpg`);
    await expect(loadPictures(join(folder, "none"), 1)).rejects.toThrow(
      /none cannot be read: there is no such file/,
    );
    await write("a.png", [2, 2, 1]);
    await write("a.webp", [2, 2, 1]);
    await expect(loadPictures(folder, 1)).rejects.toThrow(
      `${folder} has both a.png and a.webp, which differ only in their endings: rename one.`,
    );
    await rm(join(folder, "a.webp"));
    await writeFile(join(folder, "broken.png"), "no picture at all");
    await expect(loadPictures(folder, 1)).rejects.toThrow(
      `${join(folder, "broken.png")} cannot be read as a picture: `,
    );
  });
});
