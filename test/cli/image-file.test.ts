import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openImageFile } from "../../src/cli/image-file.ts";
import { holdOut } from "../../src/data/hold-out.ts";
import { encodeIdx } from "../../src/data/idx.ts";
import { readImageSet } from "../../src/data/image-set.ts";
import { sourceOf } from "../../src/data/image-source.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";

const [count, rows, columns] = [200, 3, 5];
const size = rows * columns;
const bytes = encodeIdx([count, rows, columns], new MadeNumbers("image file").bytes(count * size));
let folder = "";
let path = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unsnow-"));
  path = join(folder, "images.idx");
  await writeFile(path, bytes);
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  ["all, in order", Uint32Array.from({ length: count }, (_, image) => image)],
  ["backwards", Uint32Array.from({ length: count }, (_, image) => count - 1 - image)],
  ["some, one of them twice", Uint32Array.from([7, 8, 9, 199, 0, 7, 1])],
  ["shuffled", Uint32Array.from({ length: count }, (_, place) => (77 * place + 3) % count)],
])("images read from a file equal those of the same file in memory: %s", async (_what, chosen) => {
  const stride = 16;
  const read = async (source: Awaited<ReturnType<typeof openImageFile>>) => {
    const into = new Uint8Array(chosen.length * stride).fill(255);
    await source.read(chosen, into, stride);
    return into;
  };
  const file = await openImageFile(path, "images.idx");
  const memory = sourceOf(await readImageSet(bytes, "images.idx"));
  expect({ ...file, read: undefined }).toEqual({ ...memory, read: undefined });
  expect(await read(file)).toEqual(await read(memory));
});

test("images far from each other in a large file are found", async () => {
  const [side, many] = [100, 600];
  const large = join(folder, "large.idx");
  const pixels = Uint8Array.from({ length: many * side * side }, (_, index) => index / (side * side) / 3);
  await writeFile(large, encodeIdx([many, side, side], pixels));
  const source = await openImageFile(large, "large.idx");
  const chosen = Uint32Array.from({ length: many }, (_, place) => (77 * place + 3) % many);
  for (const images of [chosen, chosen.filter((image) => image % 7 === 0)]) {
    const into = new Uint8Array(images.length * side * side);
    await source.read(images, into, side * side);
    const firsts = Array.from(images, (_, place) => into[place * side * side]);
    expect(firsts).toEqual(Array.from(images, (image) => pixels[image * side * side]));
  }
});

test("the held-out images of a file are those of the same images in memory", async () => {
  const { validation } = holdOut(await openImageFile(path, "images.idx"));
  const expected = holdOut(await readImageSet(bytes, "images.idx")).validation;
  const all = Uint32Array.from({ length: validation.count }, (_, image) => image);
  const into = new Uint8Array(validation.count * size);
  await sourceOf(validation).read(all, into, size);
  expect(into).toEqual(expected.pixels);
});

test("a file that is not an IDX file, or is incomplete, is refused in one sentence", async () => {
  const text = join(folder, "text.idx");
  await writeFile(text, "not an IDX file, but long enough to be one");
  await expect(openImageFile(text, "text.idx")).rejects.toThrow(/^text\.idx is not an IDX file/);
  const cut = join(folder, "cut.idx");
  await writeFile(cut, bytes.subarray(0, -1));
  await expect(openImageFile(cut, "cut.idx")).rejects.toThrow(
    /^cut\.idx is truncated: .* need 3000 bytes of data, but there are 2999\.$/,
  );
  const shrinking = join(folder, "shrinking.idx");
  await writeFile(shrinking, bytes);
  const source = await openImageFile(shrinking, "shrinking.idx");
  await truncate(shrinking, 100);
  const into = new Uint8Array(size);
  await expect(source.read(Uint32Array.from([199]), into, size)).rejects.toThrow(
    "shrinking.idx became shorter",
  );
});
