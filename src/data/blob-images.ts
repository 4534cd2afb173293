import { InputError } from "../spec/input-error.ts";
import { maxIdxHeaderBytes, parseIdxHeader } from "./idx.ts";
import { imageShape } from "./image-set.ts";
import type { ImageSource } from "./image-source.ts";

/**
 * A read of a browser's Blob costs some 0.7 ms however short it is, in which time a long one has got on by some 300 KB.
 * So images that are closer to each other than this are read together, and the bytes between them are dropped.
 */
const longestGap = 2 ** 18;

/** Bytes read at once, unless a single image has more. Longer reads are no faster. */
const longestRead = 2 ** 22;

/** Reads in flight at once; together they hold four times `longestRead`. */
const readers = 4;

/**
 * The images of an IDX file that is not gzipped, read when they are needed; of the file itself nothing is kept.
 * Throws an InputError that names the file when it is none, as `read` does when it has changed since.
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
    // All of them take from the one list.
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

/** A read of images `first` up to, not including, `end`: those at `places` of the list are among them. */
interface PlannedRead {
  readonly first: number;
  readonly end: number;
  readonly places: Uint32Array;
}

/** Reads that give all of `images`, in any order and however often one comes, in the order of the file. */
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
