// Four pixels in [0, 1] from the four bytes of a word: a shift, a mask and a multiply by 1 / 255. unpack4x8unorm would be
// shorter, but WGSL lets it be 3 ULP off.
fn decodePixels(word: u32) -> vec4f {
  return vec4f((vec4u(word) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(0xffu)) * (1.0 / 255.0);
}

// One of the four: pixel `value` of an image whose words these are.
fn decodePixel(word: u32, value: u32) -> f32 {
  return f32((word >> (8u * (value % 4u))) & 0xffu) * (1.0 / 255.0);
}
