import { describe, expect, test } from "vitest";
import {
  endingOf,
  isFormatRead,
  isHidden,
  noPicturesText,
  passedOverText,
  pictureFormat,
} from "../../src/data/file-kinds.ts";

test.each([
  ["._a.png", true],
  [".DS_Store", true],
  ["photos/.thumbs/a.png", true],
  ["photos/__MACOSX/a.png", true],
  ["photos/Thumbs.db", true],
  ["a.png", false],
  ["../photos/a.png", false],
  ["./a.png", false],
  ["a.b/c..png", false],
])("whether %s is hidden", (path, hidden) => {
  expect(isHidden(path)).toBe(hidden);
});

test.each([
  ["a/B.HEIC", ".heic"],
  ["a.b/c", ""],
  ["train-images-idx3-ubyte.gz", ".gz"],
  [".png", ""],
  ["a.", ""],
])("the ending of %s is %j", (path, ending) => {
  expect(endingOf(path)).toBe(ending);
});

describe("ignored files", () => {
  test("are counted by their endings, the most frequent first", () => {
    expect(passedOverText(["b.cr2", "a.HEIC", "c.heic"])).toBe(
      "Passed over 3 files that are not read as pictures: 2 .heic, 1 .cr2.",
    );
    expect(passedOverText(["x/README"])).toBe(
      "Passed over 1 file that is not read as a picture: 1 without an ending.",
    );
    expect(passedOverText([..."abcdefgh"].map((ending) => `a.${ending}`))).toBe(
      "Passed over 8 files that are not read as pictures: 1 .a, 1 .b, 1 .c, 1 .d, 1 .e, 1 .f, 2 of other kinds.",
    );
    expect(passedOverText([])).toBeUndefined();
  });

  test("are named where there is nothing else, with what pictures are converted to", () => {
    const text = (...others: string[]) => noPicturesText("photos", [".png", ".jpg"], others, "PNG");
    expect(text()).toBe("photos holds no pictures (.png, .jpg).");
    expect(text("a.heic", "b.heic", "c.nef", "notes.txt")).toBe(
      "photos holds no pictures (.png, .jpg), only 2 .heic, 1 .nef: convert them to PNG.",
    );
    expect(text("a.bmp")).toBe("photos holds no pictures (.png, .jpg), only 1 .bmp: convert it to PNG.");
    expect(text("a.txt")).toBe("photos holds no pictures (.png, .jpg), only other files: 1 .txt.");
  });
});

/** The first bytes of files, as their formats' specifications show them. */
const starts = {
  png: "\x89PNG\r\n\x1a\n",
  jpeg: "\xff\xd8\xff\xe0",
  tiff: "II*\0\x08\0\0\0",
  // ISO/IEC 23008-12: a box of its size, "ftyp" and the brand.
  heic: "\0\0\0\x18ftypheic\0\0\0\0",
  avif: "\0\0\0\x1cftypavif\0\0\0\0",
  cr2: "II*\0\x10\0\0\0CR\x02\0",
  cr3: "\0\0\0\x18ftypcrx \0\0\0\x01",
  raf: "FUJIFILMCCD-RAW 0201",
  rw2: "IIU\0\x18\0\0\0",
  bmp: "BM\x46\0\0\0\0\0\0\0\x36\0\0\0",
  gif: "GIF89a",
  psd: "8BPS\0\x01",
  jxl: "\xff\x0a\xfa",
  text: "Dear Ada,",
} as const;

const raw = "a RAW format of cameras";

test.each([
  ["a.heic", "heic", "the format HEIC"],
  ["renamed.jpg", "heic", "the format HEIC"],
  // What phones send is often named HEIC although it was converted.
  ["a.heic", "jpeg", "the format JPEG"],
  ["a.avif", "avif", "the format AVIF"],
  ["a.cr2", "cr2", raw],
  ["a.CR3", "cr3", raw],
  ["a.raf", "raf", raw],
  ["a.rw2", "rw2", raw],
  ["a.nef", "tiff", raw],
  ["a.DNG", "tiff", raw],
  ["a.tif", "tiff", "the format TIFF"],
  ["a.bmp", "bmp", "the format BMP"],
  ["a.gif", "gif", "the format GIF"],
  ["a.psd", "psd", "the format PSD"],
  ["a.jxl", "jxl", "the format JXL"],
  ["a.svg", "text", "the format SVG"],
  ["a.png", "png", "the format PNG"],
  ["a.idx", "text", undefined],
  ["a.png", "text", undefined],
] as const)("%s that starts as %s is of %s", (name, start, format) => {
  expect(pictureFormat(name, Buffer.from(starts[start], "latin1"))).toBe(format);
});

test("PNG, JPEG, WebP, TIFF and AVIF are read", () => {
  const formats = ["PNG", "JPEG", "WebP", "TIFF", "AVIF", "HEIC", "BMP"].map((name) => `the format ${name}`);
  expect(formats.filter(isFormatRead)).toHaveLength(5);
});
