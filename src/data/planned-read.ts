import type { ImageSource } from "./image-source.ts";

/** Bytes per read, unless a single image has more. Longer reads are no faster. */
const longestRead = 2 ** 22;

/** Concurrent reads; together they hold four times `longestRead`. */
const readers = 4;

/**
 * The `read` of images that are stored one after another. `readRun` fills an array with images `first` up to, not including, `end`.
 * Images less than `longestGap` bytes apart are read at once, and the bytes between them are discarded.
 */
export function plannedRead(
  imageBytes: number,
  longestGap: number,
  readRun: (first: number, end: number, into: Uint8Array) => Promise<void>,
): ImageSource["read"] {
  return async (images, bytes, stride) => {
    const reads = planReads(images, imageBytes, longestGap);
    const placeOf = (place: number) => bytes.subarray(place * stride, place * stride + imageBytes);
    const reader = async () => {
      let space = new Uint8Array();
      for (const { first, end, places } of reads) {
        if (places.length === 1) {
          await readRun(first, end, placeOf(places[0] ?? 0));
          continue;
        }
        const size = (end - first) * imageBytes;
        if (space.length < size)
          space = new Uint8Array(Math.max(size, Math.min(2 * space.length, longestRead)));
        const found = space.subarray(0, size);
        await readRun(first, end, found);
        for (const place of places) {
          const offset = ((images[place] ?? 0) - first) * imageBytes;
          placeOf(place).set(found.subarray(offset, offset + imageBytes));
        }
      }
    };
    // All readers take from the same list.
    await Promise.all(Array.from({ length: readers }, reader));
  };
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
export function* planReads(
  images: Uint32Array,
  imageBytes: number,
  longestGap: number,
): Generator<PlannedRead, undefined> {
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
