// Pixels in [0, 1] from bytes, four per word: shift, mask and multiply by 1 / 255. unpack4x8unorm would be shorter, but WGSL
// allows it an error of 3 ULP. Twin: wasm/lib/pixels.ts.

// Bits of the images' samples: 8, 16 or 32 (float32). The clean batch holds bytes if it is 8, and otherwise float32.
override SAMPLE_BITS: u32 = 8u;

fn decodePixels(word: u32) -> vec4f {
  return vec4f((vec4u(word) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(0xffu)) * (1.0 / 255.0);
}

// The byte of `value` of an image, from the word that contains it.
fn byteOf(word: u32, value: u32) -> u32 {
  return (word >> (8u * (value % 4u))) & 0xffu;
}

// The same as a pixel in [0, 1].
fn decodePixel(word: u32, value: u32) -> f32 {
  return f32(byteOf(word, value)) * (1.0 / 255.0);
}
