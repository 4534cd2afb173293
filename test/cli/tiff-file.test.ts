import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { encodeTiff, hasMultipliedColours } from "../../src/cli/tiff-file.ts";

type Entry = readonly [tag: number, type: 2 | 3 | 4 | 5, ...values: (number | string)[]];

/** A directory of a big-endian file with its values after it, and the offset of the next directory. */
function directory(entries: readonly Entry[], offset: number, next: number): Buffer {
  const head = Buffer.alloc(2 + 12 * entries.length + 4);
  head.writeUInt16BE(entries.length);
  const parts: Buffer[] = [];
  let end = offset + head.length;
  entries.forEach(([tag, type, ...values], index) => {
    const place = 2 + 12 * index;
    const bytes = Buffer.concat(
      values.map((value) => {
        if (typeof value === "string") return Buffer.from(`${value}\0`, "latin1");
        const one = Buffer.alloc(type === 3 ? 2 : 4);
        one.writeUIntBE(value, 0, one.length);
        return one;
      }),
    );
    head.writeUInt16BE(tag, place);
    head.writeUInt16BE(type, place + 2);
    head.writeUInt32BE(type === 2 ? bytes.length : values.length / (type === 5 ? 2 : 1), place + 4);
    if (bytes.length <= 4) bytes.copy(head, place + 8);
    else {
      head.writeUInt32BE(end, place + 8);
      parts.push(bytes);
      end += bytes.length;
    }
  });
  head.writeUInt32BE(next, head.length - 4);
  return Buffer.concat([head, ...parts]);
}

/** A big-endian file of two grey pages of 2 x 1 pixels, with descriptions, a resolution in centimetres, and EXIF. */
function bigEndian(extra: readonly Entry[] = []): Buffer {
  const pixels = Buffer.from([10, 20]);
  const page = (text: string): Entry[] => [
    ...[[256, 3, 2] as const, [257, 3, 1] as const, [258, 3, 8] as const, [259, 3, 1] as const],
    ...[[262, 3, 1] as const, [270, 2, text] as const, [273, 4, 8] as const, [277, 3, 1] as const],
    ...[[278, 3, 1] as const, [279, 4, 2] as const, [282, 5, 100, 1] as const, [283, 5, 200, 1] as const],
    ...[[296, 3, 3] as const, ...extra],
  ];
  // A shutter time of 1 / 250 s.
  const exif = directory([[33434, 5, 1, 250]], 400, 0);
  const first = directory([...page("the first page"), [34665, 4, 400]], 10, 500);
  const second = directory(page("the second page"), 500, 0);
  const file = Buffer.alloc(800);
  Buffer.from([0x4d, 0x4d, 0, 42, 0, 0, 0, 10]).copy(file);
  pixels.copy(file, 8);
  first.copy(file, 10);
  exif.copy(file, 400);
  second.copy(file, 500);
  return file;
}

/** The value or offset of a tag of the first directory of a little-endian file. */
function tagOf(file: Buffer, wanted: number, start = file.readUInt32LE(4)): number | undefined {
  for (let index = 0; index < file.readUInt16LE(start); index++) {
    const place = start + 2 + 12 * index;
    if (file.readUInt16LE(place) === wanted) return file.readUInt32LE(place + 8);
  }
  return undefined;
}

describe("a TIFF file", () => {
  const page = (...samples: number[]) => ({
    rows: 1,
    columns: 2,
    channels: 1,
    samples: Uint16Array.from(samples),
  });

  test("gets the tags of another one, page by page, and its own samples", async () => {
    const file = Buffer.from(encodeTiff([page(1, 60_000), page(7, 8)], bigEndian(), "a.tif"));
    const metadata = await sharp(file).metadata();
    // 100 a centimetre.
    expect(metadata).toMatchObject({
      pages: 2,
      depth: "ushort",
      density: 254,
      resolutionUnit: "cm",
      width: 2,
    });
    const data = await sharp(file, { pages: -1 }).toColourspace("grey16").raw({ depth: "ushort" }).toBuffer();
    expect([...new Uint16Array(new Uint8Array(data).buffer)]).toEqual([1, 60_000, 7, 8]);
    for (const text of ["the first page", "the second page"]) expect(file.includes(text)).toBe(true);
    const exif = tagOf(file, 34665);
    const shutter = tagOf(file, 33434, exif) ?? Number.NaN;
    expect([file.readUInt32LE(shutter), file.readUInt32LE(shutter + 4)]).toEqual([1, 250]);
  });

  test("whose picture was on its side has its resolutions exchanged", () => {
    const file = Buffer.from(encodeTiff([page(1, 2)], bigEndian([[274, 3, 6]]), "a.tif"));
    const across = tagOf(file, 282) ?? Number.NaN;
    expect(file.readUInt32LE(across)).toBe(200);
    expect(tagOf(file, 274)).toBe(1);
  });

  test("says whether its colours are multiplied by alpha", () => {
    expect(hasMultipliedColours(bigEndian([[338, 3, 1]]), "a.tif")).toBe(true);
    expect(hasMultipliedColours(bigEndian([[338, 3, 2]]), "a.tif")).toBe(false);
  });

  test("whose tags lie outside it is refused", () => {
    expect(() => encodeTiff([page(1, 2)], bigEndian().subarray(0, 60), "a.tif")).toThrow(
      "a.tif cannot be read as a picture: its tags lie outside the file.",
    );
  });
});
