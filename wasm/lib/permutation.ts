// A keyed permutation of 0 .. count-1: a cycle-walked Feistel network (Black and Rogaway 2002).
// Twin: shaders/lib/permutation.wgsl.
import { philox } from "./philox";

/** A bijection of 32-bit words in which every input bit affects every output bit (MurmurHash3's finalizer). */
// @ts-ignore: decorator
@inline
function mix32(word: u32): u32 {
  let h = word;
  h = (h ^ (h >> 16)) * 0x85ebca6b;
  h = (h ^ (h >> 13)) * 0xc2b2ae35;
  return h ^ (h >> 16);
}

/** The image of `position` under the permutation for (key, epoch); count is 1 to 2^31. */
export function permute(position: u32, count: u32, key0: u32, key1: u32, epoch: u32): u32 {
  const keys0 = philox(0, epoch, 0, 0, key0, key1);
  const keys1 = philox(1, epoch, 0, 0, key0, key1);
  const bits = max<u32>(2, 32 - clz<u32>(count - 1));
  const leftBits = bits >> 1;
  const rightBits = bits - leftBits;
  const leftMask: u32 = (1 << leftBits) - 1;
  const rightMask: u32 = (1 << rightBits) - 1;
  let value = position;
  do {
    let left = value >> rightBits;
    let right = value & rightMask;
    // Four pairs of rounds: the first mixes the right half into the left, the second the left half into the right.
    left ^= mix32(right ^ i32x4.extract_lane(keys0, 0)) & leftMask;
    right ^= mix32(left ^ i32x4.extract_lane(keys0, 1)) & rightMask;
    left ^= mix32(right ^ i32x4.extract_lane(keys0, 2)) & leftMask;
    right ^= mix32(left ^ i32x4.extract_lane(keys0, 3)) & rightMask;
    left ^= mix32(right ^ i32x4.extract_lane(keys1, 0)) & leftMask;
    right ^= mix32(left ^ i32x4.extract_lane(keys1, 1)) & rightMask;
    left ^= mix32(right ^ i32x4.extract_lane(keys1, 2)) & leftMask;
    right ^= mix32(left ^ i32x4.extract_lane(keys1, 3)) & rightMask;
    value = (left << rightBits) | right;
  } while (value >= count);
  return value;
}
