// Pixels in [0, 1] from the bytes of words.
// Twin: shaders/lib/pixels.wgsl.

/** The four pixels of a word. */
// @ts-ignore: decorator
@inline
export function decodePixels(word: u32): v128 {
  const bytes = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(i32x4.splat(word)));
  return f32x4.mul(f32x4.convert_i32x4_s(bytes), f32x4.splat(1.0 / 255.0));
}

/** One pixel from its byte. */
// @ts-ignore: decorator
@inline
export function decodePixel(byte: u32): f32 {
  return <f32>byte * <f32>(1.0 / 255.0);
}
