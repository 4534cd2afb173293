import { encodeIdx } from "../../src/data/idx.ts";
import type { NamedFile } from "./file-drops.ts";

export function namedFile(name: string, bytes: Uint8Array): NamedFile {
  return { name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) };
}

/** Grey stripes [count, rows, columns], with a different width, slope and shade in each image. */
export function stripes(
  first: number,
  count: number,
  rows: number,
  columns: number,
): Uint8Array<ArrayBuffer> {
  const size = rows * columns;
  return Uint8Array.from({ length: count * size }, (_, index) => {
    const image = first + Math.floor(index / size);
    const [y, x] = [Math.floor((index % size) / columns), index % columns];
    return (x + (image % 3) * y) % (4 + (image % 5)) < 2 ? 255 - (image % 100) : 0;
  });
}

/** An IDX file of 300 images of 20 x 16; different ones for a different `first`. */
export function stripesFile(first = 0): NamedFile {
  return namedFile("stripes.idx", encodeIdx([300, 20, 16], stripes(first, 300, 20, 16)));
}
