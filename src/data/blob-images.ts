import { InputError } from "../spec/input-error.ts";
import { maxIdxHeaderBytes, parseIdxHeader } from "./idx.ts";
import { imageShape } from "./image-set.ts";
import type { ImageSource } from "./image-source.ts";
import { plannedRead } from "./planned-read.ts";

/**
 * A read of a browser's Blob takes at least about 0.7 ms, in which a long read transfers about 300 KB. Images closer
 * together than this are therefore read at once, and the bytes between them are discarded.
 */
const longestGap = 2 ** 18;

/**
 * Opens the images of an IDX file that is not gzipped. Images are read on demand, and nothing of the file is kept.
 * Throws an InputError that names the file if it is not valid. `read` throws one if the file has changed since.
 */
export async function openBlobImages(blob: Blob, name: string): Promise<ImageSource> {
  const start = await readBlob(blob, 0, Math.min(blob.size, maxIdxHeaderBytes), name);
  const { dimensions, headerBytes } = parseIdxHeader(start, blob.size, name);
  const { count, rows, columns } = imageShape(dimensions, name);
  const size = rows * columns;

  const read = plannedRead(size, longestGap, async (first, end, into) => {
    into.set(await readBlob(blob, headerBytes + first * size, headerBytes + end * size, name));
  });
  return { name, count, rows, columns, read };
}

/** Reads bytes `start` up to, not including, `end` of a file; throws an InputError that names it. */
export async function readBlob(
  blob: Blob,
  start: number,
  end: number,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await blob
    .slice(start, end)
    .arrayBuffer()
    .catch((cause: unknown) => {
      throw new InputError(
        `${name} could not be read: it is a folder, or it was changed, moved or removed since it was chosen.`,
        { cause },
      );
    });
  if (bytes.byteLength < end - start) throw new InputError(`${name} became shorter while it was read.`);
  return new Uint8Array(bytes);
}
