import { fstat, open, read } from "node:fs";
import { promisify } from "node:util";
import { maxIdxHeaderBytes, parseIdxHeader } from "../data/idx.ts";
import { imageShape } from "../data/image-set.ts";
import type { ImageSource } from "../data/image-source.ts";
import { plannedRead } from "../data/planned-read.ts";
import { InputError } from "../spec/input-error.ts";
import { fileFault } from "./file-fault.ts";

// Not a FileHandle, which Node closes when it is garbage-collected.
const openFile = promisify(open);
const statOf = promisify(fstat);
const readAt = promisify(read);

/** Bytes that take less time than another read, which goes through Node's thread pool. */
const longestGap = 2 ** 14;

/**
 * The images of an IDX file that is not gzipped, read when they are needed. The file stays open until the process ends.
 * Throws an InputError that names the file when it is none.
 */
export async function openImageFile(path: string, name: string): Promise<ImageSource> {
  const fault = (cause: unknown): never => {
    throw new InputError(`${name} cannot be read: ${fileFault(cause)}.`, { cause });
  };
  const file = await openFile(path, "r").catch(fault);
  const { size } = await statOf(file);
  const start = new Uint8Array(Math.min(size, maxIdxHeaderBytes));
  await readAt(file, start, 0, start.length, 0).catch(fault);
  const { dimensions, headerBytes } = parseIdxHeader(start, size, name);
  const { count, rows, columns } = imageShape(dimensions, name);
  const imageBytes = rows * columns;

  /** Reads images `first` up to, not including, `end`. */
  const readRun = async (first: number, end: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array((end - first) * imageBytes);
    const position = headerBytes + first * imageBytes;
    const { bytesRead } = await readAt(file, bytes, 0, bytes.length, position).catch(fault);
    if (bytesRead !== bytes.length) throw new InputError(`${name} became shorter while it was read.`);
    return bytes;
  };

  return { name, count, rows, columns, read: plannedRead(imageBytes, longestGap, readRun) };
}
