import { InputError } from "../spec/input-error.ts";
import { elementCount, shapeText, shownShape } from "./shapes.ts";

/**
 * The IDX format, as the MNIST site (yann.lecun.com/exdb/mnist) describes it: two zero bytes, a byte for the element
 * type, a byte for the number of dimensions, each dimension as a big-endian 32-bit number, then the elements, the last
 * dimension changing fastest.
 */
export interface IdxArray<B extends ArrayBufferLike = ArrayBufferLike> {
  readonly dimensions: number[];
  /** The elements, [...dimensions]; a view of the file's bytes. */
  readonly data: Uint8Array<B>;
}

const unsignedByte = 0x08;

/** The element types of the format that this reader does not support. */
const otherTypes: ReadonlyMap<number, string> = new Map([
  [0x09, "signed bytes"],
  [0x0b, "16-bit integers"],
  [0x0c, "32-bit integers"],
  [0x0d, "32-bit floats"],
  [0x0e, "64-bit floats"],
]);

/** The contents of an IDX file's header. */
export interface IdxHeader {
  readonly dimensions: number[];
  /** The offset of the elements. */
  readonly headerBytes: number;
}

/** The size of the largest IDX header. */
export const maxIdxHeaderBytes = 4 + 4 * 255;

/**
 * Reads the header of an IDX file of unsigned bytes from the file's beginning (`maxIdxHeaderBytes`, or all of a
 * shorter file) and checks it against the file's size; throws an InputError that names the file.
 */
export function parseIdxHeader(bytes: Uint8Array, fileBytes: number, name: string): IdxHeader {
  const header = readIdxHeader(bytes, name);
  const { dimensions, headerBytes } = header;
  const expected = elementCount(dimensions);
  const found = fileBytes - headerBytes;
  if (found !== expected) {
    const fault = found < expected ? "is truncated" : "has bytes left over";
    throw new InputError(
      `${name} ${fault}: its IDX dimensions ${shownShape(dimensions)} need ${expected} bytes of data, but there are ${found}.`,
    );
  }
  return header;
}

/** Reads only the header; throws an InputError that names the file. */
export function readIdxHeader(bytes: Uint8Array, name: string): IdxHeader {
  const [zero0, zero1, type, rank] = bytes;
  if (zero0 !== 0 || zero1 !== 0 || type === undefined || rank === undefined) {
    throw new InputError(
      `${name} is not an IDX file: it does not start with two zero bytes, a type and a rank.`,
    );
  }
  if (type !== unsignedByte) {
    const found =
      otherTypes.get(type) ?? `elements of the unknown type 0x${type.toString(16).padStart(2, "0")}`;
    throw new InputError(`${name} is an IDX file of ${found}, but only unsigned bytes (type 0x08) are read.`);
  }
  if (rank === 0) throw new InputError(`${name} is an IDX file without dimensions, but it needs at least 1.`);

  const headerBytes = 4 + 4 * rank;
  if (bytes.length < headerBytes) {
    throw new InputError(
      `${name} is truncated: an IDX header of ${rank} dimensions has ${headerBytes} bytes, but the file has ${bytes.length}.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const dimensions = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  return { dimensions, headerBytes };
}

/** Reads an IDX file of unsigned bytes without copying it; throws an InputError that names the file. */
export function parseIdx<B extends ArrayBufferLike>(bytes: Uint8Array<B>, name: string): IdxArray<B> {
  const { dimensions, headerBytes } = parseIdxHeader(bytes, bytes.length, name);
  return { dimensions, data: bytes.subarray(headerBytes) };
}

/** The header of an IDX file of unsigned bytes. */
export function encodeIdxHeader(dimensions: readonly number[]): Uint8Array<ArrayBuffer> {
  const rank = dimensions.length;
  if (rank < 1 || rank > 255 || dimensions.some((d) => !Number.isInteger(d) || d < 0 || d > 0xffffffff)) {
    throw new RangeError(`IDX cannot hold the dimensions ${shapeText(dimensions)}.`);
  }
  const bytes = new Uint8Array(4 + 4 * rank);
  bytes.set([0, 0, unsignedByte, rank]);
  const view = new DataView(bytes.buffer);
  dimensions.forEach((dimension, axis) => {
    view.setUint32(4 + 4 * axis, dimension);
  });
  return bytes;
}

/** The IDX file of an array of unsigned bytes. */
export function encodeIdx(dimensions: readonly number[], data: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = encodeIdxHeader(dimensions);
  if (elementCount(dimensions) !== data.length) {
    throw new RangeError(`The dimensions ${shapeText(dimensions)} do not describe ${data.length} bytes.`);
  }
  const bytes = new Uint8Array(header.length + data.length);
  bytes.set(header);
  bytes.set(data, header.length);
  return bytes;
}
