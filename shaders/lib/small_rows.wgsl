// Pixels of the small images as rows. Needs `layer`, and smallQuad(index), a quad of the small images.
#include "neighbours.wgsl"

fn smallRowsOf(pixels: vec4u, index: u32) -> mat4x4f {
  return mat4x4f(
    smallQuad(pixels[0] + index),
    smallQuad(pixels[1] + index),
    smallQuad(pixels[2] + index),
    smallQuad(pixels[3] + index),
  );
}

// The first quad of a small pixel, relative to smallOffset; of the first pixel for those of zeros.
fn smallPixel(pixel: u32) -> u32 {
  let place = placeOf(pixel, layer.images, layer.smallRows, layer.smallColumns);
  return select(0u, pixel, place.inside) * layer.smallQuads;
}

// The same of four pixels next to each other.
fn fourSmallPixels(pixel: u32) -> vec4u {
  return vec4u(smallPixel(pixel), smallPixel(pixel + 1u), smallPixel(pixel + 2u), smallPixel(pixel + 3u));
}
