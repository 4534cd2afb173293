// Philox4x32-10, the counter-based random generator of Salmon, Moraes, Dror and Shaw (SC 2011).
// Twin: shaders/lib/philox.wgsl.

/** The upper 32 bits of the 64-bit product. */
// @ts-ignore: decorator
@inline
export function multiplyHigh(a: u32, b: u32): u32 {
  return <u32>((<u64>a * <u64>b) >> 32);
}

/** The upper 32 bits of the products of four lanes. */
// @ts-ignore: decorator
@inline
function multiplyHigh4(a: v128, b: v128): v128 {
  const low = i64x2.extmul_low_i32x4_u(a, b);
  const high = i64x2.extmul_high_i32x4_u(a, b);
  return v128.shuffle<i32>(low, high, 1, 3, 5, 7);
}

/** Four random words for a 128-bit counter under a 64-bit key. */
export function philox(x: u32, y: u32, z: u32, w: u32, key0: u32, key1: u32): v128 {
  for (let round = 0; round < 10; round++) {
    const product0 = <u64>0xd2511f53 * <u64>x;
    const product1 = <u64>0xcd9e8d57 * <u64>z;
    x = <u32>(product1 >> 32) ^ y ^ key0;
    y = <u32>product1;
    z = <u32>(product0 >> 32) ^ w ^ key1;
    w = <u32>product0;
    key0 += 0x9e3779b9;
    key1 += 0xbb67ae85;
  }
  let words = i32x4.splat(x);
  words = i32x4.replace_lane(words, 1, y);
  words = i32x4.replace_lane(words, 2, z);
  return i32x4.replace_lane(words, 3, w);
}
