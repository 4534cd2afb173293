/** Pixels in [0, 1] as bytes: round(255 v), values outside clipped, NaN as 0. */
export function toBytes(values: Float32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(values.map((value) => Math.round(Math.min(Math.max(value, 0), 1) * 255)));
}

/** Bytes as numbers in [0, 1]: byte / 255. */
export function fromBytes(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(bytes, (byte) => byte / 255);
}
