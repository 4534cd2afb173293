// Philox4x32-10, the counter-based random generator of Salmon, Moraes, Dror and Shaw (SC 2011).
// Twin: shaders/lib/philox.wgsl.

/** The upper 32 bits of the 64-bit product. */
// @ts-ignore: decorator
@inline
export function multiplyHigh(a: u32, b: u32): u32 {
  return <u32>((<u64>a * <u64>b) >> 32);
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

// The results of philox4: word 0 of each of its four counters, word 1, ... Globals are per thread.
export let words0: v128 = i32x4.splat(0);
export let words1: v128 = i32x4.splat(0);
export let words2: v128 = i32x4.splat(0);
export let words3: v128 = i32x4.splat(0);

/** The random words of four counters at once, which differ in their first word. They are put into words0 to words3. */
export function philox4(xs: v128, yAll: u32, zAll: u32, wAll: u32, key0: u32, key1: u32): void {
  let x = xs;
  let y = i32x4.splat(yAll);
  let z = i32x4.splat(zAll);
  let w = i32x4.splat(wAll);
  let k0 = i32x4.splat(key0);
  let k1 = i32x4.splat(key1);
  for (let round = 0; round < 10; round++) {
    const factor0 = i32x4.splat(0xd2511f53);
    const factor1 = i32x4.splat(0xcd9e8d57);
    // 64-bit products: for lanes 0 and 1, for lanes 2 and 3.
    const product0 = i64x2.extmul_low_i32x4_u(x, factor0);
    const product1 = i64x2.extmul_high_i32x4_u(x, factor0);
    const product2 = i64x2.extmul_low_i32x4_u(z, factor1);
    const product3 = i64x2.extmul_high_i32x4_u(z, factor1);
    x = v128.xor(v128.shuffle<i32>(product2, product3, 1, 3, 5, 7), v128.xor(y, k0));
    y = v128.shuffle<i32>(product2, product3, 0, 2, 4, 6);
    z = v128.xor(v128.shuffle<i32>(product0, product1, 1, 3, 5, 7), v128.xor(w, k1));
    w = v128.shuffle<i32>(product0, product1, 0, 2, 4, 6);
    k0 = i32x4.add(k0, i32x4.splat(0x9e3779b9));
    k1 = i32x4.add(k1, i32x4.splat(0xbb67ae85));
  }
  words0 = x;
  words1 = y;
  words2 = z;
  words3 = w;
}

/** Numbers in (0, 1), excluding 0 and 1, from the words' upper 23 bits. */
// @ts-ignore: decorator
@inline
export function unitInterval(words: v128): v128 {
  const whole = f32x4.convert_i32x4_s(i32x4.shr_u(words, 9));
  return f32x4.mul(f32x4.add(whole, f32x4.splat(0.5)), f32x4.splat(1.0 / 8388608.0));
}
