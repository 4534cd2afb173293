// Shifts a training image by whole pixels, drawn for every image and epoch. Reference: src/reference/image-shift.ts.
#include "philox.wgsl"

// The largest shift in pixels, vertically and horizontally; 0: no shift
override SHIFT: u32 = 0u;

// Separates this draw's counters from those of the noise (noise.wgsl) and of the twins (twins.wgsl).
const shiftDraw = 0x300u;

// Rows down and columns to the right.
fn shiftOf(image: u32, epoch: u32, key: vec2u) -> vec2i {
  let words = philox(vec4u(0u, image, epoch, shiftDraw), key);
  let places = 2u * SHIFT + 1u;
  let drawn = vec2u(multiplyHigh(words.x, places), multiplyHigh(words.y, places));
  return vec2i(drawn) - vec2i(i32(SHIFT));
}
