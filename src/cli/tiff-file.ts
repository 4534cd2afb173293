import { deflateSync } from "node:zlib";
import { InputError } from "../spec/input-error.ts";
import { firstValue, readDirectories, type TiffDirectory, type TiffTag } from "./tiff-tags.ts";

/**
 * Writes TIFF files (Adobe's TIFF Revision 6.0, 1992, and its Technical Note 1 on Deflate) with the tags of another file: its
 * descriptions, resolution, profile, XMP and EXIF. sharp cannot write float32, and writes only the tags of the first page.
 */

/** The samples of a page: [rows, columns, stride]. */
export interface TiffPage {
  readonly rows: number;
  readonly columns: number;
  /** Channels of colour: 1 or 3. A further sample of a pixel is its alpha (unassociated). */
  readonly channels: number;
  readonly samples: Uint8Array | Uint16Array | Int16Array | Float32Array;
}

const tag = {
  columns: 256,
  rows: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  orientation: 274,
  perPixel: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  xResolution: 282,
  yResolution: 283,
  planar: 284,
  predictor: 317,
  extra: 338,
  sampleFormat: 339,
} as const;

/** Tags on the storage or the values of the old samples. They are not copied. */
const stored: ReadonlySet<number> = new Set([
  ...Object.values(tag).filter((one) => one !== tag.xResolution && one !== tag.yResolution),
  ...[
    263, 264, 265, 266, 280, 281, 288, 289, 301, 318, 319, 320, 321, 322, 323, 324, 325, 330, 332, 334, 336,
    340,
  ],
  ...[341, 342, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532],
]);

/** Bytes of a strip before it is compressed. */
const stripBytes = 2 ** 18;

/** The largest offset of a file. */
const maxBytes = 2 ** 32 - 2;

/** Whether the colours of any page are multiplied by their alpha. Throws an InputError with the file's name if it is not a TIFF file. */
export function hasMultipliedColours(file: Uint8Array, name: string): boolean {
  return readDirectories(file, name).some((directory) => firstValue(directory, tag.extra) === 1);
}

/**
 * A TIFF file of these pages, little-endian and compressed with Deflate, with the tags of the file `like`, page by page. Throws an
 * InputError with the file's name if its tags cannot be read or the result is too large.
 */
export function encodeTiff(pages: readonly TiffPage[], like: Uint8Array, name: string): Uint8Array {
  const directories = readDirectories(like, name);
  const out = new Output(name);
  out.append(Uint8Array.of(0x49, 0x49, 42, 0, 0, 0, 0, 0));
  let link = 4;
  pages.forEach((page, index) => {
    const kept = directories[index] ?? new Map<number, TiffTag>();
    const { offset, next } = out.directory(new Map([...keptTags(kept), ...sampleTags(page, out)]));
    out.patch(link, offset);
    link = next;
  });
  return out.bytes();
}

/** The tags of a page that are copied. If the page is rotated by 90 degrees, its two resolutions are swapped. */
function keptTags(directory: TiffDirectory): [number, TiffTag][] {
  const turned = (firstValue(directory, tag.orientation) ?? 1) > 4;
  return [...directory].flatMap(([number, value]): [number, TiffTag][] => {
    if (stored.has(number)) return [];
    if (turned && number === tag.xResolution) return [[tag.yResolution, value]];
    if (turned && number === tag.yResolution) return [[tag.xResolution, value]];
    return [[number, value]];
  });
}

/** Writes the samples of a page, and returns the tags on them. */
function sampleTags({ rows, columns, channels, samples }: TiffPage, out: Output): [number, TiffTag][] {
  const stride = samples.length / (rows * columns);
  const float = samples instanceof Float32Array;
  const width = columns * stride * samples.BYTES_PER_ELEMENT;
  const rowsPerStrip = Math.max(1, Math.min(rows, Math.floor(stripBytes / width)));
  const offsets: number[] = [];
  const lengths: number[] = [];
  for (let row = 0; row < rows; row += rowsPerStrip) {
    const strip = samples.slice(
      row * columns * stride,
      Math.min(rows, row + rowsPerStrip) * columns * stride,
    );
    if (!float) subtractLeft(strip, columns, stride);
    const packed = deflateSync(new Uint8Array(strip.buffer, strip.byteOffset, strip.byteLength));
    offsets.push(out.append(packed));
    lengths.push(packed.length);
  }
  const each = (value: number) => shorts(...Array.from({ length: stride }, () => value));
  return [
    [tag.columns, longs(columns)],
    [tag.rows, longs(rows)],
    [tag.bits, each(8 * samples.BYTES_PER_ELEMENT)],
    [tag.compression, shorts(8)],
    [tag.photometric, shorts(channels === 3 ? 2 : 1)],
    [tag.stripOffsets, longs(...offsets)],
    [tag.orientation, shorts(1)],
    [tag.perPixel, shorts(stride)],
    [tag.rowsPerStrip, longs(rowsPerStrip)],
    [tag.stripBytes, longs(...lengths)],
    [tag.planar, shorts(1)],
    [tag.predictor, shorts(float ? 1 : 2)],
    ...(stride > channels ? [[tag.extra, shorts(2)] as [number, TiffTag]] : []),
    [tag.sampleFormat, each(float ? 3 : samples instanceof Int16Array ? 2 : 1)],
  ];
}

/** Horizontal differencing (TIFF 6.0, section 14): each sample minus that of the pixel to the left. */
function subtractLeft(
  samples: Uint8Array | Uint16Array | Int16Array | Float32Array,
  columns: number,
  stride: number,
) {
  const width = columns * stride;
  for (let end = samples.length; end > 0; end -= width) {
    for (let place = end - 1; place >= end - width + stride; place--) {
      samples[place] = (samples[place] ?? 0) - (samples[place - stride] ?? 0);
    }
  }
}

function shorts(...values: readonly number[]): TiffTag {
  return { type: 3, count: values.length, bytes: new Uint8Array(Uint16Array.from(values).buffer) };
}

function longs(...values: readonly number[]): TiffTag {
  return { type: 4, count: values.length, bytes: new Uint8Array(Uint32Array.from(values).buffer) };
}

/** The file to write, in memory. */
class Output {
  readonly #parts: Uint8Array[] = [];
  readonly #name: string;
  #length = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** Appends bytes at an even offset and returns the offset. */
  append(bytes: Uint8Array): number {
    const offset = this.#length;
    this.#parts.push(bytes);
    if (bytes.length % 2 === 1) this.#parts.push(new Uint8Array(1));
    this.#length += bytes.length + (bytes.length % 2);
    if (this.#length > maxBytes) {
      throw new InputError(
        `The result of ${this.#name} would have more than 4 GB, which a TIFF file cannot hold.`,
      );
    }
    return offset;
  }

  /** Appends a directory with its values; returns its offset, and the offset of its link to the next directory. */
  directory(tags: TiffDirectory): { readonly offset: number; readonly next: number } {
    const entries = [...tags].sort(([a], [b]) => a - b);
    const bytes = new Uint8Array(2 + 12 * entries.length + 4);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, entries.length, true);
    entries.forEach(([number, { type, count, bytes: value, directory }], index) => {
      const place = 2 + 12 * index;
      view.setUint16(place, number, true);
      view.setUint16(place + 2, type, true);
      view.setUint32(place + 4, count, true);
      if (directory) view.setUint32(place + 8, this.directory(directory).offset, true);
      else if (value.length > 4) view.setUint32(place + 8, this.append(value), true);
      else bytes.set(value, place + 8);
    });
    const offset = this.append(bytes);
    return { offset, next: offset + bytes.length - 4 };
  }

  /** Overwrites four bytes of the file. */
  patch(offset: number, value: number): void {
    let start = 0;
    for (const part of this.#parts) {
      if (offset < start + part.length) {
        new DataView(part.buffer, part.byteOffset).setUint32(offset - start, value, true);
        return;
      }
      start += part.length;
    }
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#parts, this.#length);
  }
}
