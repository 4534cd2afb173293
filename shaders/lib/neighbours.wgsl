// The big pixels around a small one. Needs `layer`.
#include "conv_layer.wgsl"

// The first of the 3 x 3 big pixels around a small one, relative to bigOffset; of the first pixel for those of zeros.
fn neighbours(pixel: u32) -> u32 {
  let place = placeOf(pixel, layer.images, layer.smallRows, layer.smallColumns);
  let first = pixelAt(place.image, layer.stride * place.row, layer.stride * place.column, layer.bigRows, layer.bigColumns);
  return (select(0u, first, place.inside) - (layer.bigColumns + 2u)) * layer.bigQuads;
}
