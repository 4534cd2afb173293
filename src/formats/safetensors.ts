import { elementCount, shapeText } from "../data/shapes.ts";
import { InputError } from "../spec/input-error.ts";
import { quote } from "../spec/quote.ts";
import {
  type DtypeName,
  decodeElements,
  dtypeBytes,
  dtypeNames,
  encodeElements,
  type WrittenDtypeName,
} from "./dtype.ts";
import { isJsonObject, type JsonObject, parseJsonObject } from "./strict-json.ts";

/*
 * The safetensors format (huggingface.co/docs/safetensors, "Format"): the header's length as a little-endian 64-bit
 * number; the header, a JSON object of {name: {dtype, shape, data_offsets: [begin, end]}} and optionally
 * {__metadata__: {string: string}}, padded with spaces; then the tensors' bytes, little-endian and without gaps. The
 * offsets count from the end of the header. Only the floating-point dtypes of up to 32 bits are supported here.
 */

export interface Tensor {
  readonly shape: readonly number[];
  /** The elements, [...shape]. */
  readonly values: Float32Array<ArrayBuffer>;
}

export interface Safetensors {
  /** In the order of their bytes in the file. */
  readonly tensors: Map<string, Tensor>;
  readonly metadata: Map<string, string>;
}

/** The maximum size of a header in bytes. */
export const maxHeaderBytes = 1_000_000;

const lengthBytes = 8;
const metadataKey = "__metadata__";

/** The position of a tensor in the file. */
interface Entry {
  readonly key: string;
  readonly dtype: DtypeName;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Reads a safetensors file of floating-point tensors; throws an InputError that names the file. */
export function parseSafetensors(bytes: Uint8Array, name: string): Safetensors {
  const headerEnd = lengthBytes + headerLength(bytes, name);
  const header = parseHeader(bytes.subarray(lengthBytes, headerEnd), name);
  const data = bytes.subarray(headerEnd);
  const entries = Object.entries(header)
    .filter(([key]) => key !== metadataKey)
    .map(([key, value]) => parseEntry(key, value, name))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCover(entries, data.length, name);
  const metadata = parseMetadata(header[metadataKey], name);
  return { tensors: new Map(entries.map((entry) => [entry.key, readTensor(entry, data)])), metadata };
}

/**
 * Encodes tensors as a safetensors file, in their order, all with one dtype; its data starts at a multiple of 8
 * bytes. Throws an InputError if a finite value is too large for the dtype.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
  dtype: WrittenDtypeName = "F32",
): Uint8Array<ArrayBuffer> {
  let end = 0;
  // Written member by member, because an object would move integer-like keys to the front.
  const members = [...tensors].map(([key, { shape, values }]) => {
    if (key === metadataKey) throw new RangeError(`A tensor cannot have the reserved name ${metadataKey}.`);
    if (elementCount(shape) !== values.length) {
      throw new RangeError(
        `Tensor ${key}: the shape ${shapeText(shape)} does not describe ${values.length} values.`,
      );
    }
    const begin = end;
    end += values.length * dtypeBytes[dtype];
    return `${JSON.stringify(key)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`;
  });
  if (metadata.size > 0) members.unshift(`"${metadataKey}":${JSON.stringify(Object.fromEntries(metadata))}`);

  const json = new TextEncoder().encode(`{${members.join(",")}}`);
  const headerBytes = Math.ceil(json.length / 8) * 8;
  if (headerBytes > maxHeaderBytes) {
    throw new RangeError(
      `The header would have ${headerBytes} bytes, more than the ${maxHeaderBytes} that are read.`,
    );
  }
  const bytes = new Uint8Array(lengthBytes + headerBytes + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.set(json, lengthBytes);
  bytes.fill(0x20, lengthBytes + json.length, lengthBytes + headerBytes);
  let offset = lengthBytes + headerBytes;
  for (const [key, { values }] of tensors) {
    const encoded = encodeValues(values, dtype, key);
    bytes.set(encoded, offset);
    offset += encoded.length;
  }
  return bytes;
}

function encodeValues(values: Float32Array, dtype: WrittenDtypeName, key: string): Uint8Array {
  const encoded = encodeElements(values, dtype);
  if (dtype === "F32") return encoded;
  const kept = decodeElements(encoded, dtype);
  const lost = kept.findIndex((value, index) => !Number.isFinite(value) && Number.isFinite(values[index]));
  if (lost < 0) return encoded;
  throw new InputError(
    `The tensor ${key} holds ${values[lost]} at index ${lost}, which is too large for the dtype ${dtype}.`,
  );
}

function headerLength(bytes: Uint8Array, name: string): number {
  if (bytes.length < lengthBytes) {
    throw new InputError(
      `${name} is not a safetensors file: it has ${bytes.length} bytes, fewer than the ${lengthBytes} of the header's length.`,
    );
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes).getBigUint64(0, true);
  if (length > maxHeaderBytes) {
    throw new InputError(
      `${name} is not a safetensors file that can be read: its header would have ${length} bytes, but at most ${maxHeaderBytes} are allowed.`,
    );
  }
  if (length > bytes.length - lengthBytes) {
    throw new InputError(
      `${name} is truncated: its header has ${length} bytes, but only ${bytes.length - lengthBytes} follow.`,
    );
  }
  return Number(length);
}

function parseHeader(bytes: Uint8Array, name: string): JsonObject {
  if (bytes[0] !== 0x7b) throw new InputError(`The safetensors header of ${name} does not start with "{".`);
  return parseJsonObject(decodeUtf8(bytes, name), `The safetensors header of ${name}`);
}

function decodeUtf8(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InputError(`The safetensors header of ${name} is not valid UTF-8.`, { cause });
  }
}

function parseMetadata(value: unknown, name: string): Map<string, string> {
  if (value === undefined) return new Map();
  if (!isJsonObject(value) || !Object.values(value).every((text) => typeof text === "string")) {
    throw new InputError(
      `The ${metadataKey} of ${name} must be an object of strings, but it is ${quote(value)}.`,
    );
  }
  return new Map(Object.entries(value).map(([key, text]) => [key, String(text)]));
}

function parseEntry(key: string, value: unknown, name: string): Entry {
  const tensor = `The tensor ${quote(key)} of ${name}`;
  if (!isJsonObject(value))
    throw new InputError(`${tensor} must be described by an object, not by ${quote(value)}.`);
  const { shape, data_offsets: offsets } = value;
  const dtype = dtypeNames.find((known) => known === value.dtype);
  if (dtype === undefined) {
    throw new InputError(
      `${tensor} has the dtype ${quote(value.dtype)}, but only ${dtypeNames.join(", ")} are read.`,
    );
  }
  if (!isSizes(shape)) {
    throw new InputError(`${tensor} must have a shape of whole numbers from 0, but it is ${quote(shape)}.`);
  }
  const [begin, end] = isSizes(offsets) && offsets.length === 2 ? offsets : [];
  if (begin === undefined || end === undefined || begin > end) {
    throw new InputError(`${tensor} must have data_offsets [begin, end], but they are ${quote(offsets)}.`);
  }
  if (end - begin !== elementCount(shape) * dtypeBytes[dtype]) {
    throw new InputError(
      `${tensor} has ${end - begin} bytes, which is not what the ${dtype} shape ${quote(shape)} needs.`,
    );
  }
  return { key, dtype, shape, begin, end };
}

/** Whether the value is an array of non-negative integers, small enough to be exact. */
function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** Throws unless the tensors, sorted by position, cover the data exactly: no gaps, no overlap, no trailing bytes. */
function checkCover(entries: readonly Entry[], dataLength: number, name: string): void {
  let covered = 0;
  for (const { key, begin, end } of entries) {
    if (begin !== covered) {
      const fault = begin < covered ? "overlaps the one before it" : "leaves a gap before it";
      throw new InputError(
        `The tensor ${quote(key)} of ${name} ${fault}: it begins at ${begin}, not at ${covered}.`,
      );
    }
    covered = end;
  }
  if (covered !== dataLength) {
    const fault = covered > dataLength ? "is truncated" : "has bytes left over";
    throw new InputError(
      `${name} ${fault}: its tensors have ${covered} bytes, but ${dataLength} follow the header.`,
    );
  }
}

function readTensor({ dtype, shape, begin, end }: Entry, data: Uint8Array): Tensor {
  return { shape, values: decodeElements(data.subarray(begin, end), dtype) };
}
