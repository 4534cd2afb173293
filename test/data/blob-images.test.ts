import { openAsBlob } from "node:fs";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBlobImages } from "../../src/data/blob-images.ts";
import { holdOut } from "../../src/data/hold-out.ts";
import { encodeIdx, encodeIdxHeader } from "../../src/data/idx.ts";
import { readImageSet } from "../../src/data/image-set.ts";
import { type ImageSource, sourceOf } from "../../src/data/image-source.ts";
import { planReads } from "../../src/data/planned-read.ts";
import { InputError } from "../../src/spec/input-error.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";

const [count, rows, columns] = [200, 3, 5];
const size = rows * columns;
const bytes = encodeIdx([count, rows, columns], new MadeNumbers("blob images").bytes(count * size));
const name = "images.idx";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unsnow-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function readFrom(source: ImageSource, images: Uint32Array, stride: number): Promise<Uint8Array> {
  const into = new Uint8Array(images.length * stride).fill(255);
  await source.read(images, into, stride);
  return into;
}

describe("images of a blob", () => {
  test.each([
    ["all, in order", Array.from({ length: count }, (_, image) => image)],
    ["backwards", Array.from({ length: count }, (_, image) => count - 1 - image)],
    ["some, one of them three times", [7, 8, 9, 199, 0, 7, 1, 7]],
    ["none", []],
  ])("equal those of the same file in memory: %s", async (_what, images) => {
    const source = await openBlobImages(new Blob([bytes]), name);
    const memory = sourceOf(await readImageSet(bytes, name));
    expect({ ...source, read: undefined }).toEqual({ ...memory, read: undefined });
    for (const stride of [size, 16, 37]) {
      const chosen = Uint32Array.from(images);
      expect(await readFrom(source, chosen, stride)).toEqual(await readFrom(memory, chosen, stride));
    }
  });

  test("are correct if reads are split and gaps are skipped", async () => {
    // 3 MB per image: one per read. 40 KB per image: gaps of more than six are skipped, a read has a hundred.
    for (const [images, side, chosen] of [
      [3, 1750, [2, 0, 1, 0]],
      [400, 200, [0, 390, 391, 20, 27, 28, 8, 250, 399, 20]],
      [400, 200, Array.from({ length: 400 }, (_, image) => (image * 171) % 400)],
    ] as const) {
      const pixels = new Uint8Array(images * side * side);
      for (let image = 0; image < images; image++) {
        pixels.fill(image % 251, image * side * side, (image + 1) * side * side);
        pixels[(image + 1) * side * side - 1] = image >> 8;
      }
      const source = await openBlobImages(new Blob([encodeIdxHeader([images, side, side]), pixels]), name);
      const memory = sourceOf({ name, count: images, rows: side, columns: side, pixels });
      const wanted = Uint32Array.from(chosen);
      // Comparing Buffers is fast; comparing arrays takes minutes.
      const found = Buffer.from(await readFrom(source, wanted, side * side + 1));
      expect(found.equals(await readFrom(memory, wanted, side * side + 1))).toBe(true);
    }
  });

  test("are held out like the same images in memory", async () => {
    const { validation } = holdOut(await openBlobImages(new Blob([bytes]), name));
    const expected = holdOut(await readImageSet(bytes, name)).validation;
    const all = Uint32Array.from({ length: validation.count }, (_, image) => image);
    expect(await readFrom(sourceOf(validation), all, size)).toEqual(expected.pixels);
  });

  test.each([
    [new TextEncoder().encode("no IDX file, but long enough to be one"), /^images\.idx is not an IDX file/],
    [bytes.subarray(0, -1), /^images\.idx is truncated: .* need 3000 bytes of data, but there are 2999\.$/],
    [new Uint8Array(0), /^images\.idx is not an IDX file/],
    [encodeIdx([3], Uint8Array.of(1, 2, 3)), /^images\.idx does not hold images/],
  ])("are refused in one sentence if the file has none", async (file, sentence) => {
    const opened = openBlobImages(new Blob([file]), name);
    await expect(opened).rejects.toThrow(InputError);
    await expect(opened).rejects.toThrow(sentence);
  });

  test("of a file that is truncated later are refused when they are read", async () => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    const source = await openBlobImages(await openAsBlob(path), name);
    expect(await readFrom(source, Uint32Array.of(199), size)).toEqual(bytes.slice(-size));
    await truncate(path, 100);
    const read = readFrom(source, Uint32Array.of(199), size);
    await expect(read).rejects.toThrow(InputError);
    await expect(read).rejects.toThrow(/^images\.idx (could not be read|became shorter)[^.]*\.$/);
  });
});

describe("the plan of the reads", () => {
  /** Images 0 to 799,999 in a shuffled order: a step that shares no factor with their number visits each once. */
  const shuffled = (wanted: number) =>
    Uint32Array.from({ length: wanted }, (_, i) => (i * 514_229) % 800_000);

  test("for a shuffled window goes through the file once, in a few long reads", () => {
    const images = shuffled(85_598);
    const reads = [...planReads(images, 784, 2 ** 18)];
    expect(reads.reduce((sum, { places }) => sum + places.length, 0)).toBe(images.length);
    expect(reads.length).toBeLessThan(160);
    let end = 0;
    for (const read of reads) {
      expect(read.first).toBeGreaterThanOrEqual(end);
      expect((read.end - read.first) * 784).toBeLessThanOrEqual(2 ** 22);
      end = read.end;
    }
  });

  test("for a few images far apart reads little more than these", () => {
    const reads = [...planReads(shuffled(10), 784, 2 ** 18)];
    expect(reads.map(({ first, end }) => end - first)).toEqual(Array.from({ length: 10 }, () => 1));
  });
});
