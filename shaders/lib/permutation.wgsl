// A keyed permutation of 0 .. count-1: a cycle-walked Feistel network (Black and Rogaway 2002).
// Reference: src/math/permutation.ts.
#include "philox.wgsl"

// A bijection of 32-bit words in which every input bit affects every output bit (MurmurHash3's finalizer).
fn mix32(word: u32) -> u32 {
  var h = word;
  h = (h ^ (h >> 16u)) * 0x85ebca6bu;
  h = (h ^ (h >> 13u)) * 0xc2b2ae35u;
  return h ^ (h >> 16u);
}

// Two rounds: the first mixes the right half into the left, the second the left half into the right.
fn feistelPair(halves: vec2u, masks: vec2u, keys: vec2u) -> vec2u {
  let left = halves.x ^ (mix32(halves.y ^ keys.x) & masks.x);
  let right = halves.y ^ (mix32(left ^ keys.y) & masks.y);
  return vec2u(left, right);
}

// The image of `position` under the permutation for (key, epoch); count is 1 to 2^31.
fn permute(position: u32, count: u32, key: vec2u, epoch: u32) -> u32 {
  let keys0 = philox(vec4u(0u, epoch, 0u, 0u), key);
  let keys1 = philox(vec4u(1u, epoch, 0u, 0u), key);
  let bits = max(2u, 32u - countLeadingZeros(count - 1u));
  let leftBits = bits >> 1u;
  let rightBits = bits - leftBits;
  let masks = vec2u((1u << leftBits) - 1u, (1u << rightBits) - 1u);
  var value = position;
  loop {
    var halves = vec2u(value >> rightBits, value & masks.y);
    halves = feistelPair(halves, masks, keys0.xy);
    halves = feistelPair(halves, masks, keys0.zw);
    halves = feistelPair(halves, masks, keys1.xy);
    halves = feistelPair(halves, masks, keys1.zw);
    value = (halves.x << rightBits) | halves.y;
    if (value < count) { break; }
  }
  return value;
}
