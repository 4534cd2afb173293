import { describe, expect, test } from "vitest";
import { holdOut } from "../../../src/data/hold-out.ts";
import { encodeIdx } from "../../../src/data/idx.ts";
import { type Images, inMemory } from "../../../src/data/image-source.ts";
import type { MeasuredFile, PicturesOrder } from "../../../src/lab/images/protocol.ts";
import { DecodedFolders } from "../../../src/lab/worker/decoded-pictures.ts";
import { readOwnImages } from "../../../src/lab/worker/image-files.ts";
import { describeImages, imagesFor } from "../../../src/lab/worker/images.ts";
import { sortPaths, twinPlaces } from "../../../src/lab/worker/own-pictures.ts";
import { readPictureFolder } from "../../../src/lab/worker/read-picture-folder.ts";
import { noNoise } from "../../../src/spec/noise.ts";
import { defaultTraining } from "../../../src/spec/settings.ts";

describe("noisy twins", () => {
  test("are paired by their paths below their folder, without the endings", () => {
    const clean = sortPaths(["photos/sea/2.png", "photos/sea/1.png", "photos/land/1.png"]);
    expect(clean.order).toEqual(Uint32Array.of(2, 1, 0));
    const paths = ["photos/land/1.png", "photos/sea/1.png", "photos/sea/2.png"];
    const noisy = ["iso6400/sea/1.JPG", "iso6400/notes.txt", "iso6400/land/1.webp", "iso6400/sea/2.webp"];
    const { order, name, passedOver } = sortPaths(noisy, paths);
    expect(order).toEqual(Uint32Array.of(2, 0, 3));
    expect(name).toBe("iso6400");
    expect(passedOver).toContain("1 .txt");
    // Files that are chosen one by one have no folder.
    expect(twinPlaces(["b.png", "a.jpg"], ["one/a.png", "one/b.png"])).toEqual([1, 0]);
  });

  test.each([
    [["a.png", "b.png"], ["x/a.png"], "there is none for b.png"],
    [["a.png"], ["x/a.png", "x/c.png"], "x/c.png is the twin of none"],
    [["a.png"], [], "there is none for a.png"],
    [["a.png"], ["a.jpg", "a.png"], "a.jpg and a.png have the same name"],
  ])("of %j are refused if they are %j, in one sentence", (clean, noisy, sentence) => {
    expect(() => sortPaths(noisy, clean)).toThrow(sentence);
  });
});

const size = { rows: 2, columns: 3 };

/** Reads pictures whose pixels are all the number in their names, and their twins. */
function read(clean: readonly string[], noisy: readonly string[], inverted = false) {
  const filesOf = (names: readonly string[]): MeasuredFile[] =>
    names.map((name) => ({
      file: new File(["12345"], name),
      size: { rows: name.includes("tall") ? 9 : 5, columns: 5 },
    }));
  const order: PicturesOrder = {
    ...{ folder: 1, name: "clean", count: clean.length, labels: undefined, passedOver: undefined },
    choices: { size, fit: "middle", inverted },
    twins: { folder: 2, name: "noisy" },
  };
  const readerOf = (names: readonly string[]) => async (numbers: readonly number[]) =>
    numbers.flatMap((number) => filesOf(names)[number] ?? []);
  const decode = async (file: File) => {
    if (file.name.includes("broken")) throw new Error("This cannot be decoded.");
    return new Uint8Array(6).fill(Number.parseInt(file.name, 10));
  };
  return readPictureFolder(order, {
    ...{ read: readerOf(clean), readTwins: readerOf(noisy), decode, decoded: new DecodedFolders() },
    ...{ listener: () => {}, signal: new AbortController().signal },
  });
}

/** The grey level of each image. */
function greys(images: Images | undefined): number[] {
  if (!images || !inMemory(images)) throw new Error("Images are in memory.");
  return [...images.pixels].filter((_, at) => at % 6 === 0);
}

describe("pictures with noisy twins", () => {
  const names = (count: number, first: number) =>
    Array.from({ length: count }, (_, number) => `${first + number}.png`);

  test.each([false, true])(
    "stay together when some are held out or cannot be read; inverted: %s",
    async (inverted) => {
      const clean = names(20, 0).with(3, "3 broken.png");
      const noisy = names(20, 100).with(7, "107 broken.png");
      const found = await read(clean, noisy, inverted);
      const { train, validation, noisyTrain, noisyValidation } = found?.data ?? {};
      const ahead = inverted ? -100 : 100;
      expect(greys(noisyTrain)).toEqual(greys(train).map((grey) => grey + ahead));
      expect(greys(noisyValidation)).toEqual(greys(validation).map((grey) => grey + ahead));
      expect(greys(train).length + greys(validation).length).toBe(18);
      expect(found?.pictures.unread).toEqual({ count: 2, names: ["3 broken.png", "107 broken.png"] });
      expect(found?.files.map(({ role, name, count }) => [role, name, count])).toEqual([
        ["training", "clean", 18],
        ["twins", "noisy", 18],
      ]);
    },
  );

  test("of other sizes are refused with both names", async () => {
    const reading = read(names(5, 0), names(5, 100).with(2, "102 tall.png"));
    await expect(reading).rejects.toThrow(
      "Twins must have the same size, but 2.png has 5 x 5 pixels and its twin 102 tall.png has 5 x 9.",
    );
  });
});

describe("IDX files with noisy twins", () => {
  const idx = (name: string, count: number, first: number, rows = 2) =>
    new File(
      [
        encodeIdx(
          [count, rows, 3],
          Uint8Array.from({ length: count * rows * 3 }, (_, at) => first + at / 6),
        ),
      ],
      name,
    );

  test("are paired in order, and a run gets the part that it uses", async () => {
    const own = await readOwnImages([idx("clean.idx", 20, 0)], [idx("noisy.idx", 20, 100)]);
    const images = await describeImages(7, own);
    const { train, validation } = holdOut({ name: "", count: 20, ...size, pixels: new Uint8Array(120) });
    expect([images.data.noisyTrain?.count, images.data.noisyValidation?.count]).toEqual([
      train.count,
      validation.count,
    ]);
    expect(greys(images.data.noisyTrain)).toEqual(greys(images.data.train).map((grey) => grey + 100));
    expect(images.summary.twins?.[0]).toBeCloseTo((images.summary.samples[0] ?? 0) + 100 / 255, 6);
    expect(images.summary.files.map(({ role, name }) => [role, name])).toEqual([
      ["training", "clean.idx"],
      ["twins", "noisy.idx"],
    ]);

    const silent = { ...defaultTraining, noise: noNoise };
    expect(imagesFor(images, silent)).toBe(images);
    expect(imagesFor(images, { ...silent, noise2noise: true })).toBe(images);
    const clean = imagesFor(images, defaultTraining);
    expect(clean.data).toEqual({ train: images.data.train, validation: images.data.validation });
    expect(clean.whole).toBe(images);
    expect(await clean.fingerprint()).not.toHaveProperty("noisyTrain");
    const alone = imagesFor(images, { ...silent, selfSupervised: true });
    expect(greys(alone.data.train)).toEqual(greys(images.data.noisyTrain));
    expect(Object.keys(alone.data)).toEqual(["train", "validation"]);
  });

  test.each([
    [
      [idx("noisy.idx", 19, 0)],
      /noisy.idx \(training\) \[15, 2, 3\] and clean.idx \(training\) \[16, 2, 3\] differ/,
    ],
    [[idx("noisy.idx", 20, 0, 3)], /\[16, 3, 3\] and clean.idx \(training\) \[16, 2, 3\] differ/],
    [[idx("noisy.idx", 20, 0), idx("val.idx", 20, 0)], /^noisy.idx and its images are divided differently/],
    [[new File(["no IDX"], "noisy.png")], /noisy.png/],
  ])("are refused if their twins are others", async (twins, sentence) => {
    await expect(readOwnImages([idx("clean.idx", 20, 0)], twins)).rejects.toThrow(sentence);
  });
});
