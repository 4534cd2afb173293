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

/** Bytes read at once where images lie next to each other. */
const longestRun = 2 ** 22;

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
    const runs = runsOf(images, Math.max(1, Math.floor(longestRun / imageBytes)));
    const reader = async () => {
      for (let run = runs.next(); !run.done; run = runs.next()) {
        const { place, length } = run.value;
        const first = images[place] ?? 0;
        const found = await readRun(first, first + length);
        for (let i = 0; i < length; i++) {
          bytes.set(found.subarray(i * imageBytes, (i + 1) * imageBytes), (place + i) * stride);
        }
      }
    };
    await Promise.all(Array.from({ length: readers }, reader));
  };
  return { name, count, rows, columns, read: readImages };
}

/** Runs of images that follow each other in the file, none longer than `longest`. */
function* runsOf(
  images: Uint32Array,
  longest: number,
): Generator<{ place: number; length: number }, undefined> {
  for (let place = 0; place < images.length; ) {
    const first = images[place] ?? 0;
    let length = 1;
    while (length < longest && images[place + length] === first + length) length++;
    yield { place, length };
    place += length;
  }
  return undefined;
}
