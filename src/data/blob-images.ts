import { InputError } from "../spec/input-error.ts";
import { maxIdxHeaderBytes, parseIdxHeader } from "./idx.ts";
import { imageShape } from "./image-set.ts";
import type { ImageSource } from "./image-source.ts";

/**
 * A read of a browser's Blob takes at least about 0.7 ms, in which a long read transfers about 300 KB. Images closer
 * together than this are therefore read at once, and the bytes between them are discarded.
 */
const longestGap = 2 ** 18;

/** Bytes per read, unless a single image has more. Longer reads are no faster. */
const longestRead = 2 ** 22;

/** Concurrent reads; together they hold four times `longestRead`. */
const readers = 4;

/**
 * Opens the images of an IDX file that is not gzipped. Images are read on demand, and nothing of the file is kept.
 * Throws an InputError that names the file if it is not valid. `read` throws one if the file has changed since.
 */
export async function openBlobImages(blob: Blob, name: string): Promise<ImageSource> {
  const start = await readBlob(blob, 0, Math.min(blob.size, maxIdxHeaderBytes), name);
  const { dimensions, headerBytes } = parseIdxHeader(start, blob.size, name);
  const { count, rows, columns } = imageShape(dimensions, name);
  const size = rows * columns;

  const read = async (images: Uint32Array, bytes: Uint8Array, stride: number): Promise<void> => {
    const reads = planReads(images, size);
    const reader = async () => {
      for (const { first, end, places } of reads) {
        const found = await readBlob(blob, headerBytes + first * size, headerBytes + end * size, name);
        for (const place of places) {
          const offset = ((images[place] ?? 0) - first) * size;
          bytes.set(found.subarray(offset, offset + size), place * stride);
        }
      }
    };
    // All readers take from the same list.
    await Promise.all(Array.from({ length: readers }, reader));
  };
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

/** A read of images `first` up to, not including, `end`, which include those at `places` of the list. */
interface PlannedRead {
  readonly first: number;
  readonly end: number;
  readonly places: Uint32Array;
}

/**
 * Plans reads that cover all of `images`, in the order of the file. `images` may be unordered and contain duplicates.
 */
export function* planReads(images: Uint32Array, imageBytes: number): Generator<PlannedRead, undefined> {
  const imageAt = (place: number | undefined) => images[place ?? 0] ?? 0;
  const order = Uint32Array.from(images.keys()).sort((a, b) => imageAt(a) - imageAt(b));
  const most = Math.max(1, Math.floor(longestRead / imageBytes));
  const apart = 1 + Math.floor(longestGap / imageBytes);
  for (let from = 0; from < order.length; ) {
    const first = imageAt(order[from]);
    let last = first;
    let to = from + 1;
    for (; to < order.length; to++) {
      const next = imageAt(order[to]);
      if (next - last > apart || next - first >= most) break;
      last = next;
    }
    yield { first, end: last + 1, places: order.subarray(from, to) };
    from = to;
  }
  return undefined;
}
