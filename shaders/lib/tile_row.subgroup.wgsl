// A row of pixels of a tile. Needs imageQuad(index), a quad of the images that are read.
#include "exchange.subgroup.wgsl"

// The quads from the first one on, `q` apart.
fn tileRow(first: u32, q: u32) -> TileRow {
  return array(
    imageQuad(first), imageQuad(first + q), imageQuad(first + 2u * q), imageQuad(first + 3u * q), imageQuad(first + 4u * q),
    imageQuad(first + 5u * q), imageQuad(first + 6u * q), imageQuad(first + 7u * q), imageQuad(first + 8u * q), imageQuad(first + 9u * q),
    imageQuad(first + 10u * q), imageQuad(first + 11u * q), imageQuad(first + 12u * q), imageQuad(first + 13u * q), imageQuad(first + 14u * q),
    imageQuad(first + 15u * q), imageQuad(first + 16u * q), imageQuad(first + 17u * q),
  );
}
