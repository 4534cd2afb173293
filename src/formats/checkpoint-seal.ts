import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { InputError } from "../spec/input-error.ts";

/*
 * The seal is the SHA-256 of the whole file, computed with the 64 digits of the seal replaced by zeros. It is the
 * first member of the header's __metadata__, so that it is at a fixed position and can be checked before anything
 * else is parsed.
 */

/** The key in __metadata__; it must be the first. */
export const sealKey = "sha256";

/** The seal's placeholder until the file is sealed. */
export const unsealed = "0".repeat(64);

const opening = new TextEncoder().encode(`{"__metadata__":{"${sealKey}":"`);
const start = 8 + opening.length;
const end = start + unsealed.length;

/** Seals a safetensors file in place. Its header must begin with an unsealed seal. */
export function seal(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (!hasPlace(bytes)) throw new RangeError("The file has no place for a seal.");
  bytes.set(new TextEncoder().encode(digest(bytes)), start);
  return bytes;
}

/** Throws an InputError that names the file if any bit of it has changed since it was sealed. */
export function checkSeal(bytes: Uint8Array, name: string): void {
  if (!hasPlace(bytes)) throw new InputError(`${name} is not a checkpoint, or its beginning is missing.`);
  if (new TextDecoder().decode(bytes.subarray(start, end)) !== digest(bytes)) {
    throw new InputError(`${name} is damaged: its checksum does not match its content.`);
  }
}

function hasPlace(bytes: Uint8Array): boolean {
  return bytes.length >= end && opening.every((byte, index) => bytes[8 + index] === byte);
}

function digest(bytes: Uint8Array): string {
  const hash = sha256.create().update(bytes.subarray(0, start));
  return bytesToHex(hash.update(new TextEncoder().encode(unsealed)).update(bytes.subarray(end)).digest());
}
