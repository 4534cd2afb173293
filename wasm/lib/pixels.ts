// Pixels in [0, 1] from the bytes of words.
// Twin: shaders/lib/pixels.wgsl.

/** The four pixels of a word. */
// @ts-ignore: decorator
@inline
export function decodePixels(word: u32): v128 {
  const bytes = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(i32x4.splat(word)));
  return f32x4.mul(f32x4.convert_i32x4_s(bytes), f32x4.splat(1.0 / 255.0));
}

/**
 * Decodes `count` quads from bytes to four f32 each. The pixels may end where the bytes end, because bytes are read first.
 */
export function decodeQuads(pixels: usize, bytes: usize, count: u32): void {
  const scale = f32x4.splat(<f32>(1.0 / 255.0));
  const end = pixels + 16 * <usize>count;
  let from = bytes;
  let to = pixels;
  for (; to + 64 <= end; to += 64) {
    const packed = v128.load(from);
    const low = i16x8.extend_low_i8x16_u(packed);
    const high = i16x8.extend_high_i8x16_u(packed);
    v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(low)), scale));
    v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(low)), scale), 16);
    v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(high)), scale), 32);
    v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(high)), scale), 48);
    from += 16;
  }
  for (; to < end; to += 16) {
    v128.store(to, decodePixels(load<u32>(from)));
    from += 4;
  }
}
