// A row of pixels of the big images. Needs `layer`, and bigQuad(index), a quad of the big images.
#include "neighbours.wgsl"
#include "exchange.subgroup.wgsl"

fn bigRow(first: u32) -> TileRow {
  let q = layer.bigQuads;
  return array(
    bigQuad(first), bigQuad(first + q), bigQuad(first + 2u * q), bigQuad(first + 3u * q), bigQuad(first + 4u * q),
    bigQuad(first + 5u * q), bigQuad(first + 6u * q), bigQuad(first + 7u * q), bigQuad(first + 8u * q), bigQuad(first + 9u * q),
    bigQuad(first + 10u * q), bigQuad(first + 11u * q), bigQuad(first + 12u * q), bigQuad(first + 13u * q), bigQuad(first + 14u * q),
    bigQuad(first + 15u * q), bigQuad(first + 16u * q), bigQuad(first + 17u * q),
  );
}
