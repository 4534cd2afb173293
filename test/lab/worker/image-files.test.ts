import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { encodeIdx, encodeIdxHeader } from "../../../src/data/idx.ts";
import { inMemory, sourceOf } from "../../../src/data/image-source.ts";
import { largeFile, readOwnImages } from "../../../src/lab/worker/image-files.ts";
import { describeImages } from "../../../src/lab/worker/images.ts";
import { InputError } from "../../../src/spec/input-error.ts";
import { MadeNumbers } from "../../kernels/made-numbers.ts";

const made = new MadeNumbers("own images");
const [rows, columns] = [4, 3];
const size = rows * columns;
const pixels = made.bytes(60 * size);
const labels = Uint8Array.from({ length: 60 }, (_, image) => image % 7);

const imagesIdx = (count: number) => encodeIdx([count, rows, columns], pixels.subarray(0, count * size));
const labelsIdx = (count: number) => encodeIdx([count], labels.subarray(0, count));
const file = (name: string, ...parts: Uint8Array<ArrayBuffer>[]) => new File(parts, name);
const gzipped = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes));

describe("the user's images", () => {
  test("with MNIST's four names, gzipped, equal those in the files", async () => {
    const { files, data } = await readOwnImages([
      file("t10k-labels-idx1-ubyte.gz", gzipped(labelsIdx(10))),
      file("train-images-idx3-ubyte.gz", gzipped(imagesIdx(60))),
      file("t10k-images-idx3-ubyte.gz", gzipped(imagesIdx(10))),
      file("train-labels-idx1-ubyte.gz", gzipped(labelsIdx(60))),
    ]);
    expect(files.map(({ role, name, count }) => [role, name, count])).toEqual([
      ["training", "train-images-idx3-ubyte.gz", 60],
      ["training labels", "train-labels-idx1-ubyte.gz", 60],
      ["validation", "t10k-images-idx3-ubyte.gz", 10],
      ["validation labels", "t10k-labels-idx1-ubyte.gz", 10],
    ]);
    expect(data.train).toMatchObject({ count: 60, rows, columns, pixels, labels });
    expect(data.validation).toMatchObject({
      pixels: pixels.slice(0, 10 * size),
      labels: labels.slice(0, 10),
    });
  });

  test("in one file are partly held out for validation, with their labels", async () => {
    const { data } = await readOwnImages([file("a.idx", imagesIdx(60)), file("l.idx", labelsIdx(60))]);
    expect([data.train.count, data.validation.count]).toEqual([48, 12]);
    const bytes = new Uint8Array(12 * size);
    await sourceOf(data.validation).read(
      Uint32Array.from({ length: 12 }, (_, i) => i),
      bytes,
      size,
    );
    data.validation.labels?.forEach((label, place) => {
      const image = Array.from({ length: 60 }, (_, i) => i).find((i) =>
        Buffer.from(pixels.subarray(i * size, (i + 1) * size)).equals(
          bytes.subarray(place * size, (place + 1) * size),
        ),
      );
      expect(label).toBe((image ?? Number.NaN) % 7);
    });
  });

  test("in a large file are read piece by piece, unless it is gzipped", async () => {
    const side = 1024;
    const count = largeFile / side ** 2;
    const large = [encodeIdxHeader([count, side, side]), new Uint8Array(largeFile)];
    const { data } = await readOwnImages([file("large.idx", ...large)]);
    expect(inMemory(data.train)).toBe(false);
    expect(data.train.count + data.validation.count).toBe(count);
    const packed = await readOwnImages([file("large.idx.gz", gzipped(Buffer.concat(large)))]);
    expect(inMemory(packed.data.train)).toBe(true);
    expect(packed.data.train.count).toBe(data.train.count);
  });

  test("are summarized with samples of the training images", async () => {
    const own = await readOwnImages([file("a.idx", imagesIdx(60)), file("b.idx", imagesIdx(3))]);
    const { summary } = await describeImages(7, own);
    expect(summary).toMatchObject({
      id: 7,
      rows,
      columns,
      trainingImages: 60,
      validationImages: 3,
      labels: undefined,
    });
    expect(summary.samples).toHaveLength(8 * size);
    // The last of eight samples, evenly spaced over sixty: floor(7 * 60 / 8).
    expect([...summary.samples.slice(7 * size)]).toEqual(
      [...pixels.subarray(52 * size, 53 * size)].map((byte) => Math.fround(byte / 255)),
    );
    const few = await describeImages(8, await readOwnImages([file("c.idx", imagesIdx(5))]));
    expect(few.summary.samples).toHaveLength(4 * size);
  });

  const huge = encodeIdxHeader([64, 1025, 1024]);
  test.each([
    ["text", [file("text.idx", new TextEncoder().encode("no IDX"))], /^text\.idx is not an IDX file/],
    ["nothing", [file("empty.idx")], /^empty\.idx is not an IDX file/],
    ["a truncated file", [file("cut.idx", imagesIdx(60).subarray(0, -1))], /^cut\.idx is truncated/],
    [
      "a truncated gzip file",
      [file("cut.gz", gzipped(imagesIdx(60)).subarray(0, -9))],
      /^cut\.gz cannot be unpacked/,
    ],
    ["a matrix", [file("m.idx", encodeIdx([2, 3], new Uint8Array(6)))], /^m\.idx does not hold images/],
    ["a large truncated file", [file("l.idx", huge, new Uint8Array(largeFile))], /^l\.idx is truncated/],
    [
      "large images",
      [file("l.idx", huge, new Uint8Array(64 * 1025 * 1024))],
      /^l\.idx holds images of 1025 x 1024/,
    ],
    ["only labels", [file("l.idx", labelsIdx(5))], /^Images are needed too/],
    ["too few images", [file("a.idx", imagesIdx(2))], /^a\.idx has 2 images, too few/],
    [
      "too few labels",
      [file("a.idx", imagesIdx(9)), file("l.idx", labelsIdx(8))],
      /a\.idx has 9 .* l\.idx has 8/,
    ],
    [
      "two sizes",
      [file("a.idx", imagesIdx(9)), file("b.idx", encodeIdx([2, 3, 4], pixels.subarray(0, 24)))],
      /a\.idx \[9, 4, 3\] and b\.idx \[2, 3, 4\] differ/,
    ],
  ])("are refused in one sentence: %s", async (_what, files, sentence) => {
    const read = readOwnImages(files);
    await expect(read).rejects.toThrow(InputError);
    await expect(read).rejects.toThrow(sentence);
    await expect(read).rejects.toThrow(/^[^\n]*[^.\n]\.$/);
  });
});
