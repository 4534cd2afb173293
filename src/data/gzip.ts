import { InputError } from "../spec/input-error.ts";

/**
 * Compressed bytes passed to the decompressor at a time. Some browsers unpack a whole chunk before they can be
 * stopped. DEFLATE expands by at most a factor of 1032, so the output exceeds the limit by at most 16 MiB.
 */
const chunkBytes = 16_384;

/** Whether the bytes start with the magic number of gzip (RFC 1952, section 2.3.1). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks a gzip file (RFC 1952). `name` is the file's name, for messages. Throws an InputError as soon as the output
 * exceeds `maxBytes`, or when the file is truncated or damaged.
 */
export async function gunzip(
  bytes: Uint8Array,
  maxBytes: number,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of unpacked(bytes, name)) {
    length += chunk.length;
    if (length > maxBytes) {
      throw new InputError(`${name} unpacks to more than ${maxBytes} bytes, the limit for such a file.`);
    }
    chunks.push(chunk);
  }
  return join(chunks, length, name);
}

/** Unpacks only the first `count` bytes of a gzip file, or all of a shorter one; throws an InputError like gunzip. */
export async function gunzipStart(
  bytes: Uint8Array,
  count: number,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of unpacked(bytes, name)) {
    chunks.push(chunk.subarray(0, count - length));
    length = Math.min(count, length + chunk.length);
    if (length === count) break;
  }
  return join(chunks, length, name);
}

/** The contents of a gzip file, in parts. Unpacking stops when no more parts are requested. */
async function* unpacked(bytes: Uint8Array, name: string): AsyncGenerator<Uint8Array, undefined> {
  const reader = inChunks(bytes).pipeThrough(new DecompressionStream("gzip")).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw new InputError(`${name} cannot be unpacked: its gzip data is truncated or damaged.`, { cause });
      });
      if (done) return undefined;
      yield value;
    }
  } finally {
    // Errors of the stopped decompressor are ignored.
    await reader.cancel().catch(() => undefined);
  }
}

function inChunks(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  let offset = 0;
  return new ReadableStream({
    pull(controller) {
      if (offset >= bytes.length) return controller.close();
      controller.enqueue(new Uint8Array(bytes.subarray(offset, offset + chunkBytes)));
      offset += chunkBytes;
    },
  });
}

function join(chunks: readonly Uint8Array[], length: number, name: string): Uint8Array<ArrayBuffer> {
  const whole = allocate(length, name);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

function allocate(length: number, name: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(length);
  } catch (cause) {
    throw new InputError(`${name} unpacks to ${length} bytes, for which there is not enough memory.`, {
      cause,
    });
  }
}
