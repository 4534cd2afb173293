import { read } from "node:fs";
import { open } from "node:fs/promises";
import { promisify } from "node:util";
import { maxIdxHeaderBytes, parseIdxHeader } from "../data/idx.ts";
import { imageShape } from "../data/image-set.ts";
import type { ImageSource } from "../data/image-source.ts";
import { InputError } from "../spec/input-error.ts";
import { fileFault } from "./file-fault.ts";

const readAt = promisify(read);

/** Reads in flight at once; more only wait in Node's thread pool. */
const readers = 4;

/** Bytes read at once where images are near each other in the file. */
const longestRun = 2 ** 22;

/** Bytes between two images that are read with them: a read of its own takes longer than these. */
const longestGap = 2 ** 14;

/**
 * The images of an IDX file that is not gzipped, read when they are needed. The file stays open until the process ends.
 * Throws an InputError that names the file when it is none.
 */
export async function openImageFile(path: string, name: string): Promise<ImageSource> {
  const fault = (cause: unknown): never => {
    throw new InputError(`${name} cannot be read: ${fileFault(cause)}.`, { cause });
  };
  const file = await open(path).catch(fault);
  const { size } = await file.stat();
  const start = new Uint8Array(Math.min(size, maxIdxHeaderBytes));
  await file.read(start, 0, start.length, 0).catch(fault);
  const { dimensions, headerBytes } = parseIdxHeader(start, size, name);
  const { count, rows, columns } = imageShape(dimensions, name);
  const imageBytes = rows * columns;

  /** Reads images `first` up to, not including, `end`. */
  const readRun = async (first: number, end: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array((end - first) * imageBytes);
    const position = headerBytes + first * imageBytes;
    const { bytesRead } = await readAt(file.fd, bytes, 0, bytes.length, position).catch(fault);
    if (bytesRead !== bytes.length) throw new InputError(`${name} became shorter while it was read.`);
    return bytes;
  };

  const readImages = async (images: Uint32Array, bytes: Uint8Array, stride: number): Promise<void> => {
    const runs = runsOf(images, imageBytes);
    const reader = async () => {
      for (let run = runs.next(); !run.done; run = runs.next()) {
        const { first, end, wanted } = run.value;
        const found = await readRun(first, end);
        for (const { image, place } of wanted) {
          const start = (image - first) * imageBytes;
          bytes.set(found.subarray(start, start + imageBytes), place * stride);
        }
      }
    };
    await Promise.all(Array.from({ length: readers }, reader));
  };
  return { name, count, rows, columns, read: readImages };
}

/** An image that is asked for, and its place in the answer. */
interface WantedImage {
  readonly image: number;
  readonly place: number;
}

/** Images `first` up to, not including, `end` of the file, in one read, and those of them that are wanted. */
interface Run {
  readonly first: number;
  readonly end: number;
  readonly wanted: readonly WantedImage[];
}

/** Reads that have all images, in the file's order: a shuffled set then takes few and long reads. */
function* runsOf(images: Uint32Array, imageBytes: number): Generator<Run, undefined> {
  const longest = Math.max(1, Math.floor(longestRun / imageBytes));
  const gap = Math.floor(longestGap / imageBytes);
  // Numbers that sort by image: typed arrays sort without a function. They stay exact: below 2^53.
  const keys = Float64Array.from(images, (image, place) => image * images.length + place).sort();
  let wanted: WantedImage[] = [];
  let [first, end] = [0, 0];
  for (const key of keys) {
    const image = Math.floor(key / images.length);
    if (wanted.length > 0 && (image - end > gap || image - first >= longest)) {
      yield { first, end, wanted };
      wanted = [];
    }
    if (wanted.length === 0) first = image;
    end = image + 1;
    wanted.push({ image, place: key % images.length });
  }
  if (wanted.length > 0) yield { first, end, wanted };
  return undefined;
}
