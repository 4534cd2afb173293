// Z = X W^T for 8 rows x 8 outputs: needs `layer`, `parameters` and `activations`.
#include "tile8.wgsl"
#include "weight_rows.wgsl"
#include "activation_rows.wgsl"

// Block 2 R + C is row quad R, output quad C of the tile. Sixteen loads serve 256 multiply-adds.
fn denseProduct(z: ptr<function, array<mat4x4f, 4>>, rowQuads: vec2u, columns: vec2u) {
  let stride = quads(layer.inputs);
  let x = layer.inputOffset + 4u * stride * rowQuads;
  let w = layer.weightOffset + 4u * stride * columns;
  for (var k = 0u; k < stride; k++) {
    let x0 = activationRows(x[0] + k, stride);
    let x1 = activationRows(x[1] + k, stride);
    let w0 = transpose(weightRows(w[0] + k, stride));
    (*z)[0] += w0 * x0;
    (*z)[2] += w0 * x1;
    let w1 = transpose(weightRows(w[1] + k, stride));
    (*z)[1] += w1 * x0;
    (*z)[3] += w1 * x1;
  }
}
