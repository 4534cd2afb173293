// Z = X W^T for 16 rows x 16 outputs: needs `layer`, `parameters` and `activations`.
#include "tile16.wgsl"
#include "weight_rows.wgsl"
#include "activation_rows.wgsl"

// Block 4 R + C is row quad R, output quad C of the tile. 32 loads serve 1024 multiply-adds.
fn denseProduct(z: ptr<function, array<mat4x4f, 16>>, rowQuads: vec4u, columns: vec4u) {
  let stride = quads(layer.inputs);
  let x = layer.inputOffset + 4u * stride * rowQuads;
  let w = layer.weightOffset + 4u * stride * columns;
  for (var k = 0u; k < stride; k++) {
    let x0 = activationRows(x[0] + k, stride);
    let x1 = activationRows(x[1] + k, stride);
    let x2 = activationRows(x[2] + k, stride);
    let x3 = activationRows(x[3] + k, stride);
    let w0 = transpose(weightRows(w[0] + k, stride));
    (*z)[0] += w0 * x0;
    (*z)[4] += w0 * x1;
    (*z)[8] += w0 * x2;
    (*z)[12] += w0 * x3;
    let w1 = transpose(weightRows(w[1] + k, stride));
    (*z)[1] += w1 * x0;
    (*z)[5] += w1 * x1;
    (*z)[9] += w1 * x2;
    (*z)[13] += w1 * x3;
    let w2 = transpose(weightRows(w[2] + k, stride));
    (*z)[2] += w2 * x0;
    (*z)[6] += w2 * x1;
    (*z)[10] += w2 * x2;
    (*z)[14] += w2 * x3;
    let w3 = transpose(weightRows(w[3] + k, stride));
    (*z)[3] += w3 * x0;
    (*z)[7] += w3 * x1;
    (*z)[11] += w3 * x2;
    (*z)[15] += w3 * x3;
  }
}
