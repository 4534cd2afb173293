import { philox } from "./philox.ts";
import type { Stream } from "./streams.ts";

/**
 * A keyed permutation of 0 .. count-1: a Feistel network over the next power of two, iterated until the
 * result is below `count` (cycle walking; Black and Rogaway, "Ciphers with arbitrary finite domains", CT-RSA
 * 2002). Needs no memory and no order of evaluation. The reference for shaders/lib/permutation.wgsl.
 */
export interface Permutation {
  readonly count: number;
  readonly roundKeys: readonly number[];
}

const rounds = 8;

/** The permutation of `count` (1 to 2^31) positions for (seed, stream, epoch). */
export function permutation(count: number, seed: number, stream: Stream, epoch: number): Permutation {
  const roundKeys = [
    ...philox([0, epoch, 0, 0], [seed, stream]),
    ...philox([1, epoch, 0, 0], [seed, stream]),
  ];
  return { count, roundKeys };
}

/** The image of `position` under the permutation; an integer from 0 to count - 1. */
export function permute({ count, roundKeys }: Permutation, position: number): number {
  const bits = Math.max(2, 32 - Math.clz32(count - 1));
  const leftBits = bits >> 1;
  const rightBits = bits - leftBits;
  const leftMask = 2 ** leftBits - 1;
  const rightMask = 2 ** rightBits - 1;
  let value = position;
  do {
    let left = value >>> rightBits;
    let right = value & rightMask;
    for (let round = 0; round < rounds; round += 2) {
      left ^= mix(right ^ (roundKeys[round] ?? 0)) & leftMask;
      right ^= mix(left ^ (roundKeys[round + 1] ?? 0)) & rightMask;
    }
    value = ((left << rightBits) | right) >>> 0;
  } while (value >= count);
  return value;
}

/** A bijection of 32-bit words in which every input bit affects every output bit (MurmurHash3's finalizer). */
function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
