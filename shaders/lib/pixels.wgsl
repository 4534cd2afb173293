// Four pixels in [0, 1] from the four bytes of a word: a shift, a mask and a multiply by 1 / 255. unpack4x8unorm would be
// shorter, but WGSL lets it be 3 ULP off.
fn decodePixels(word: u32) -> vec4f {
  return vec4f((vec4u(word) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(0xffu)) * (1.0 / 255.0);
}

// One of the four bytes: that of `value` of an image whose word this is.
fn byteOf(word: u32, value: u32) -> u32 {
  return (word >> (8u * (value % 4u))) & 0xffu;
}

// The same as a pixel in [0, 1].
fn decodePixel(word: u32, value: u32) -> f32 {
  return f32(byteOf(word, value)) * (1.0 / 255.0);
}
