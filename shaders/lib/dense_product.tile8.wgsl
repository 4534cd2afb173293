// Z = X W^T + bias for 8 rows x 8 outputs: needs `layer`, `parameters` and `activations`.
#include "tile8.wgsl"
#include "weight_rows.wgsl"
#include "bias_block.wgsl"
#include "activation_rows.wgsl"

// zRC is row quad R, output quad C of the tile.
struct Tile {
  z00: mat4x4f,
  z01: mat4x4f,
  z10: mat4x4f,
  z11: mat4x4f,
}

// Sixteen loads serve 256 multiply-adds; a tile of 4 x 4 would need 32 for them.
fn denseProduct(rowQuads: vec2u, columns: vec2u) -> Tile {
  let stride = quads(layer.inputs);
  let x = layer.inputOffset + 4u * stride * rowQuads;
  let w = layer.weightOffset + 4u * stride * columns;
  var z00 = mat4x4f();
  var z01 = mat4x4f();
  var z10 = mat4x4f();
  var z11 = mat4x4f();
  for (var k = 0u; k < stride; k++) {
    let x0 = activationRows(x.x + k, stride);
    let x1 = activationRows(x.y + k, stride);
    let w0 = transpose(weightRows(w.x + k, stride));
    z00 += w0 * x0;
    z10 += w0 * x1;
    let w1 = transpose(weightRows(w.y + k, stride));
    z01 += w1 * x0;
    z11 += w1 * x1;
  }
  let bias0 = biasBlock(columns.x);
  let bias1 = biasBlock(columns.y);
  return Tile(z00 + bias0, z01 + bias1, z10 + bias0, z11 + bias1);
}
