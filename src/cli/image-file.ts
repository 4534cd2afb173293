import { fstatSync, openSync, readSync } from "node:fs";
import { maxIdxHeaderBytes, parseIdxHeader } from "../data/idx.ts";
import { imageShape } from "../data/image-set.ts";
import type { ImageSource } from "../data/image-source.ts";
import { plannedRead } from "../data/planned-read.ts";
import { WorkSlices } from "../network/work-slices.ts";
import { InputError } from "../spec/input-error.ts";
import { fileFault } from "./file-fault.ts";

/** Bytes that take less time than another read. */
const longestGap = 2 ** 14;

/**
 * The images of an IDX file that is not gzipped, read when they are needed. The file stays open until the process ends.
 * Throws an InputError that names the file when it is none.
 */
export async function openImageFile(path: string, name: string): Promise<ImageSource> {
  const orFault = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      throw new InputError(`${name} cannot be read: ${fileFault(cause)}.`, { cause });
    }
  };
  // Not a FileHandle, which Node closes when it is garbage-collected.
  const file = orFault(() => openSync(path, "r"));
  const { size } = orFault(() => fstatSync(file));
  const start = new Uint8Array(Math.min(size, maxIdxHeaderBytes));
  orFault(() => readSync(file, start, 0, start.length, 0));
  const { dimensions, headerBytes } = parseIdxHeader(start, size, name);
  const { count, rows, columns } = imageShape(dimensions, name);
  const imageBytes = rows * columns;

  const slices = new WorkSlices();
  /**
   * Reads images from `first` on. A shuffled set takes a read for nearly every image, and one that goes through
   * Node's thread pool takes ten times as long as the read itself.
   */
  const readRun = async (first: number, _end: number, into: Uint8Array): Promise<void> => {
    const position = headerBytes + first * imageBytes;
    const bytesRead = orFault(() => readSync(file, into, 0, into.length, position));
    if (bytesRead !== into.length) throw new InputError(`${name} became shorter while it was read.`);
    await slices.breathe();
  };

  return { name, count, rows, columns, read: plannedRead(imageBytes, longestGap, readRun) };
}
