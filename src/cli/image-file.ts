import { fstatSync, openSync, readSync } from "node:fs";
import { maxIdxHeaderBytes, parseIdxHeader } from "../data/idx.ts";
import { imageShape } from "../data/image-set.ts";
import type { ImageSource } from "../data/image-source.ts";
import { plannedRead } from "../data/planned-read.ts";
import { WorkSlices } from "../network/work-slices.ts";
import { InputError } from "../spec/input-error.ts";
import { fileFault } from "./file-fault.ts";

/** Reading this many unneeded bytes takes less time than a separate read. */
const longestGap = 2 ** 14;

/**
 * The images of an uncompressed IDX file, read when they are needed. The file stays open until the process ends.
 * Throws an InputError with the file's name if it is not an IDX file.
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
   * Reads images from `first` on. A shuffled set needs a read for nearly every image. The read is synchronous, because one
   * through Node's thread pool takes ten times as long.
   */
  const readRun = async (first: number, _end: number, into: Uint8Array): Promise<void> => {
    const position = headerBytes + first * imageBytes;
    const bytesRead = orFault(() => readSync(file, into, 0, into.length, position));
    if (bytesRead !== into.length) throw new InputError(`${name} became shorter while it was read.`);
    await slices.breathe();
  };

  return { name, count, rows, columns, read: plannedRead(imageBytes, longestGap, readRun) };
}
