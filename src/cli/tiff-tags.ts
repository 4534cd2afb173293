import { InputError } from "../spec/input-error.ts";

// The tags of TIFF files (TIFF Revision 6.0, 1992), also of BigTIFF.

/** A tag of a directory, with its values in little-endian order. */
export interface TiffTag {
  readonly type: number;
  readonly count: number;
  readonly bytes: Uint8Array;
  /** The directory that an EXIF, GPS or interoperability tag points to. */
  readonly directory?: TiffDirectory | undefined;
}

export type TiffDirectory = ReadonlyMap<number, TiffTag>;

/** By type: bytes of a value, and of the units whose bytes are swapped for another byte order. */
const types: Readonly<Record<number, readonly [size: number, unit: number]>> = {
  ...{ 1: [1, 1], 2: [1, 1], 3: [2, 2], 4: [4, 4], 5: [8, 4], 6: [1, 1], 7: [1, 1], 8: [2, 2], 9: [4, 4] },
  ...{ 10: [8, 4], 11: [4, 4], 12: [8, 8], 13: [4, 4], 16: [8, 8], 17: [8, 8], 18: [8, 8] },
};

/** Tags that point to directories, which are copied too. */
const pointers: readonly number[] = [34665, 34853, 40965];

/** The first value of a tag of integers; undefined if the tag is missing. */
export function firstValue(directory: TiffDirectory, number: number): number | undefined {
  const found = directory.get(number);
  if (!found) return undefined;
  const { bytes, type } = found;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return type === 3 ? view.getUint16(0, true) : type === 4 ? view.getUint32(0, true) : view.getUint8(0);
}

/** The directories of all pages. */
export function readDirectories(file: Uint8Array, name: string): TiffDirectory[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  try {
    const little = view.getUint16(0) === 0x4949;
    const big = view.getUint16(2, little) === 43;
    const offsetAt = (place: number) =>
      big ? Number(view.getBigUint64(place, little)) : view.getUint32(place, little);
    const directories: TiffDirectory[] = [];
    const seen = new Set<number>();
    for (let offset = offsetAt(big ? 8 : 4); offset !== 0 && !seen.has(offset); ) {
      seen.add(offset);
      const { tags, end } = readDirectory(view, offset, { little, big });
      directories.push(tags);
      offset = offsetAt(end);
    }
    return directories;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new InputError(`${name} cannot be read as a picture: its tags lie outside the file.`, { cause });
  }
}

/** A directory, and the offset of its end. Throws a RangeError if it lies outside the file. */
function readDirectory(
  view: DataView,
  offset: number,
  order: { readonly little: boolean; readonly big: boolean },
  depth = 0,
): { readonly tags: TiffDirectory; readonly end: number } {
  const { little, big } = order;
  const count = big ? Number(view.getBigUint64(offset, little)) : view.getUint16(offset, little);
  const [first, size, inside] = big ? [offset + 8, 20, 8] : [offset + 2, 12, 4];
  const tags = new Map<number, TiffTag>();
  for (let place = first; place < first + size * count; place += size) {
    const number = view.getUint16(place, little);
    const type = view.getUint16(place + 2, little);
    const values = big ? Number(view.getBigUint64(place + 4, little)) : view.getUint32(place + 4, little);
    const [each, unit] = types[type] ?? [0, 1];
    const at = place + (big ? 12 : 8);
    const pointed = () => (big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little));
    if (pointers.includes(number)) {
      if (depth > 2) continue;
      const directory = readDirectory(view, pointed(), order, depth + 1).tags;
      tags.set(number, { type: 4, count: 1, bytes: new Uint8Array(4), directory });
    } else if (each > 0 && !(each === 8 && unit === 8 && type !== 12)) {
      const from = each * values <= inside ? at : pointed();
      tags.set(number, { type, count: values, bytes: inOrder(view, from, each * values, unit, little) });
    }
  }
  return { tags, end: first + size * count };
}

/** A copy of bytes with little-endian units. */
function inOrder(view: DataView, from: number, length: number, unit: number, little: boolean): Uint8Array {
  if (from + length > view.byteLength) throw new RangeError("The values lie outside the file.");
  const bytes = new Uint8Array(view.buffer, view.byteOffset + from, length).slice();
  if (little || unit === 1) return bytes;
  for (let start = 0; start < length; start += unit) bytes.subarray(start, start + unit).reverse();
  return bytes;
}
