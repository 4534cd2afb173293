// X W^T for 4 rows of X and 4 rows of W: needs `parameters` and `activations`.
#include "rows.wgsl"
#include "layer.wgsl"

// Four rows of four outputs.
struct Tile {
  row0: vec4f,
  row1: vec4f,
  row2: vec4f,
  row3: vec4f,
}

// The tile of layer outputs at (rowQuad, column), before the activation. Four inputs at a time: v * M is the dot
// product of v with each column of M, and M's columns are four rows of W.
fn layerProduct(layer: Layer, rowQuad: u32, column: u32) -> Tile {
  let stride = rowStride(layer.inputs);
  let x = layer.inputOffset + 4u * rowQuad * stride;
  let w = layer.weightOffset + 4u * column * stride;
  var tile = Tile(vec4f(0.0), vec4f(0.0), vec4f(0.0), vec4f(0.0));
  for (var k = 0u; k < stride; k++) {
    let weights = mat4x4f(
      parameters[w + k],
      parameters[w + k + stride],
      parameters[w + k + 2u * stride],
      parameters[w + k + 3u * stride],
    );
    tile.row0 += activations[x + k] * weights;
    tile.row1 += activations[x + k + stride] * weights;
    tile.row2 += activations[x + k + 2u * stride] * weights;
    tile.row3 += activations[x + k + 3u * stride] * weights;
  }
  return tile;
}
