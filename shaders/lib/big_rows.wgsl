// Pixels of the big images as rows. Needs `layer`, and bigQuad(index), a quad of the big images.
#include "neighbours.wgsl"

// The first of the 3 x 3 big pixels around four small ones next to each other.
fn neighboursOfFour(pixel: u32) -> vec4u {
  return vec4u(neighbours(pixel), neighbours(pixel + 1u), neighbours(pixel + 2u), neighbours(pixel + 3u));
}

fn bigRowsOf(pixels: vec4u, index: u32) -> mat4x4f {
  return mat4x4f(
    bigQuad(pixels[0] + index),
    bigQuad(pixels[1] + index),
    bigQuad(pixels[2] + index),
    bigQuad(pixels[3] + index),
  );
}
