// Z = X W^T + bias for a tile of 8 rows x 8 outputs: needs `parameters` and `activations`.
#include "rows.wgsl"
#include "layer.wgsl"

// Blocks of 4 x 4: zRC is row quad R, output quad C of the tile. A block's columns are rows of the batch.
struct Tile {
  z00: mat4x4f,
  z01: mat4x4f,
  z10: mat4x4f,
  z11: mat4x4f,
}

// Four numbers of each of four rows of X, a row a column.
fn inputRows(index: u32, stride: u32) -> mat4x4f {
  return mat4x4f(
    activations[index],
    activations[index + stride],
    activations[index + 2u * stride],
    activations[index + 3u * stride],
  );
}

// Four numbers of each of four rows of W, a row a column.
fn weightRows(index: u32, stride: u32) -> mat4x4f {
  return mat4x4f(
    parameters[index],
    parameters[index + stride],
    parameters[index + 2u * stride],
    parameters[index + 3u * stride],
  );
}

// The bias of four outputs, for four rows.
fn biasBlock(layer: Layer, column: u32) -> mat4x4f {
  let bias = parameters[layer.biasOffset + column];
  return mat4x4f(bias, bias, bias, bias);
}

// Before the activation. Sixteen loads serve 256 multiply-adds; a tile of 4 x 4 would need 32.
fn denseProduct(layer: Layer, rowQuads: vec2u, columns: vec2u) -> Tile {
  let stride = quads(layer.inputs);
  let x = layer.inputOffset + 4u * stride * rowQuads;
  let w = layer.weightOffset + 4u * stride * columns;
  let bias0 = biasBlock(layer, columns.x);
  let bias1 = biasBlock(layer, columns.y);
  var tile = Tile(bias0, bias1, bias0, bias1);
  for (var k = 0u; k < stride; k++) {
    let x0 = inputRows(x.x + k, stride);
    let x1 = inputRows(x.y + k, stride);
    let w0 = transpose(weightRows(w.x + k, stride));
    tile.z00 += w0 * x0;
    tile.z10 += w0 * x1;
    let w1 = transpose(weightRows(w.y + k, stride));
    tile.z01 += w1 * x0;
    tile.z11 += w1 * x1;
  }
  return tile;
}
