import { noTrouble } from "../../../src/kernels/sweep.ts";
import { quads } from "../../../src/math/layout.ts";

/** `struct Cursor` with both values given. */
export function cursor(next: number, current: number, trouble: number = noTrouble): Uint32Array<ArrayBuffer> {
  return Uint32Array.from([next, current, trouble]);
}

/** Exactly these values. */
export function exactly(values: ArrayLike<number>) {
  return { values, atol: 0, rtol: 0 };
}

/** Images of bytes [count, pixels], four bytes per word. Each image starts at a word. */
export function packedWords(bytes: ArrayLike<number>, pixels: number): Uint32Array<ArrayBuffer> {
  const stride = 4 * quads(pixels);
  const packed = new Uint8Array((bytes.length / pixels) * stride);
  for (let index = 0; index < bytes.length; index++) {
    packed[Math.floor(index / pixels) * stride + (index % pixels)] = bytes[index] ?? 0;
  }
  return new Uint32Array(packed.buffer);
}
