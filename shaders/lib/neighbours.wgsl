// The big pixels around a small one. Needs `layer`.
#include "conv_layer.wgsl"

// The pixel before the first one. It is zero, and so are those above and below it: it stands for all outside the images.
const beforeFirst = 0xffffffffu;

// The first of the 3 x 3 big pixels around a small one, relative to bigOffset; of the first pixel for those of zeros.
fn neighbours(pixel: u32) -> u32 {
  let place = placeOf(pixel, layer.images, layer.smallRows, layer.smallColumns);
  let first = pixelAt(place.image, layer.stride * place.row, layer.stride * place.column, layer.bigRows, layer.bigColumns);
  return (select(0u, first, place.inside) - (layer.bigColumns + 2u)) * layer.bigQuads;
}

// The same for a row of pixels that a workgroup shares: also of a row's pixel of zeros, and `beside` pixels to the right, fewer than
// the stride. Then a pixel's three neighbours of a row are the next ones in this order.
fn neighboursBeside(pixel: u32, beside: u32) -> u32 {
  let border = layer.bigColumns + 2u;
  if (layer.stride == 1u) {
    let inside = pixel < planePixels(layer.images, layer.smallRows, layer.smallColumns);
    return (select(0u, pixel, inside) - border) * layer.bigQuads;
  }
  let place = placeOf(pixel, layer.images, layer.smallRows, layer.smallColumns);
  let first = pixelAt(place.image, layer.stride * place.row, layer.stride * place.column + beside, layer.bigRows, layer.bigColumns);
  let inside = place.image < layer.images && place.row < layer.smallRows;
  return (select(0u, first, inside) - border) * layer.bigQuads;
}

struct BigPixel {
  pixel: u32,
  inside: bool, // whether it is a pixel of an image
}

// The big pixel stride s + phase of a small pixel s.
fn bigPixel(small: u32, phase: vec2u) -> BigPixel {
  let place = placeOf(small, layer.images, layer.smallRows, layer.smallColumns);
  let row = layer.stride * place.row + phase.x;
  let column = layer.stride * place.column + phase.y;
  let inside = place.inside && row < layer.bigRows && column < layer.bigColumns;
  return BigPixel(pixelAt(place.image, row, column, layer.bigRows, layer.bigColumns), inside);
}
