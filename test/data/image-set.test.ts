import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { encodeIdx } from "../../src/data/idx.ts";
import {
  checkPair,
  checkSameSize,
  type ImageSet,
  readImageSet,
  readLabels,
  selectImages,
  withLabels,
} from "../../src/data/image-set.ts";
import { InputError } from "../../src/spec/input-error.ts";

const ramp = (length: number) => Uint8Array.from({ length }, (_, index) => index);

function imageSet(name: string, count: number, rows: number, columns: number): ImageSet {
  return { name, count, rows, columns, pixels: ramp(count * rows * columns) };
}

describe("readImageSet", () => {
  const file = encodeIdx([3, 2, 5], ramp(30));
  const expected = { name: "a.idx", count: 3, rows: 2, columns: 5, pixels: ramp(30) };

  test("reads IDX images, gzipped or not", async () => {
    expect(await readImageSet(file, "a.idx")).toEqual(expected);
    expect(await readImageSet(gzipSync(file), "a.idx")).toEqual(expected);
    expect(await readImageSet(encodeIdx([1, 1, 1], ramp(1)), "b")).toMatchObject({
      count: 1,
      rows: 1,
      columns: 1,
    });
  });

  test("owns its pixels: they are at the start of their buffer, and do not change with the file", async () => {
    // A Buffer is a view of a pool, and its `slice` does not copy.
    const pooled = Buffer.from(file);
    const set = await readImageSet(pooled, "a.idx");
    pooled.fill(0);
    expect(set.pixels.byteOffset).toBe(0);
    expect(new Uint8Array(set.pixels.buffer)).toEqual(ramp(30));
  });

  test.each([
    [encodeIdx([30], ramp(30)), "need the 3 dimensions [count, rows, columns], but it has [30]."],
    [encodeIdx([3, 2, 5, 1], ramp(30)), "but it has [3, 2, 5, 1]."],
    [encodeIdx([0, 28, 28], ramp(0)), "holds no pixels: its dimensions are [0, 28, 28]."],
    [encodeIdx([10, 0, 28], ramp(0)), "holds no pixels: its dimensions are [10, 0, 28]."],
    [file.subarray(0, 40), "is truncated"],
    [gzipSync(file).subarray(0, 30), "truncated or damaged"],
    [gzipSync(file.subarray(0, 40)), "is truncated"],
    [new Uint8Array(), "is not an IDX file"],
  ])("refuses a file that holds no images (%#)", async (bytes, sentence) => {
    const reading = readImageSet(bytes, "odd.idx");
    await expect(reading).rejects.toThrow(InputError);
    await expect(reading).rejects.toThrow(sentence);
    await expect(reading).rejects.toThrow(/^odd\.idx [^\n]*\.$/);
  });
});

describe("labels", () => {
  test("are read, gzipped or not, and added to their images", async () => {
    const file = encodeIdx([3], Uint8Array.of(7, 2, 1));
    expect(await readLabels(file, "l")).toEqual(Uint8Array.of(7, 2, 1));
    const labels = await readLabels(gzipSync(file), "l.gz");
    expect(withLabels(imageSet("a", 3, 2, 2), labels, "l.gz")).toEqual({ ...imageSet("a", 3, 2, 2), labels });
  });

  test("are refused when they are images, or too few", async () => {
    await expect(readLabels(encodeIdx([1, 2, 2], ramp(4)), "a.idx")).rejects.toThrow(
      new InputError("a.idx does not hold labels: they need the 1 dimension [count], but it has [1, 2, 2]."),
    );
    expect(() => withLabels(imageSet("a", 3, 2, 2), ramp(2), "l")).toThrow(
      new InputError("Every image needs one label, but a has 3 images and l has 2 labels."),
    );
  });
});

describe("selectImages", () => {
  const set = withLabels(imageSet("a", 4, 1, 2), Uint8Array.of(9, 8, 7, 6), "l");

  test("copies images and labels in the requested order", () => {
    const selected = selectImages(set, [3, 0, 3], "some of a");
    expect(selected).toEqual({
      name: "some of a",
      count: 3,
      rows: 1,
      columns: 2,
      pixels: Uint8Array.of(6, 7, 0, 1, 6, 7),
      labels: Uint8Array.of(6, 9, 6),
    });
    selected.pixels.fill(255);
    expect(set.pixels).toEqual(ramp(8));
  });

  test("keeps the name and the lack of labels", () => {
    expect(selectImages(imageSet("b", 4, 1, 2), Uint32Array.of(1))).toEqual({
      ...imageSet("b", 1, 1, 2),
      pixels: Uint8Array.of(2, 3),
    });
  });

  test.each([4, -1, 0.5, Number.NaN])("refuses the image %d", (index) => {
    expect(() => selectImages(set, [0, index])).toThrow(
      new InputError(`a has no image ${index}: its 4 images are numbered from 0.`),
    );
  });

  test("refuses to make an empty set", () => {
    expect(() => selectImages(set, [])).toThrow(InputError);
  });
});

describe("checks of two sets", () => {
  test.each([
    [5, 2, 3],
    [4, 3, 2],
    [4, 2, 4],
  ])("a pair must have equal counts and sizes: [%d, %d, %d] and [4, 2, 3]", (count, rows, columns) => {
    expect(() =>
      checkPair(imageSet("noisy.idx", count, rows, columns), imageSet("clean.idx", 4, 2, 3)),
    ).toThrow(
      new InputError(
        `Noisy and clean images must have the same count, rows, columns and channels, but noisy.idx [${count}, ${rows}, ${columns}] and clean.idx [4, 2, 3] differ.`,
      ),
    );
  });

  test("training and validation images must only have the same size", () => {
    checkPair(imageSet("a", 4, 2, 3), imageSet("b", 4, 2, 3));
    checkSameSize(imageSet("a", 4, 2, 3), imageSet("b", 9, 2, 3));
    expect(() => checkSameSize(imageSet("a", 4, 2, 3), imageSet("b", 4, 3, 2))).toThrow(
      new InputError(
        "All images must have the same rows, columns and channels, but those of a [4, 2, 3] and b [4, 3, 2] differ.",
      ),
    );
  });
});
