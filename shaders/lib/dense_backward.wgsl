// Dense layer, backward: the gradient with respect to its input, through the ReLU that produced that input:
// dX[b, i] = (sum over o of dY[b, o] W[o, i]) if X[b, i] > 0, else 0.
//
//   layer        uniform     Layer
//   parameters   read        W [outputs, inputs]
//   activations  read        X [rows, inputs], the ReLU's output
//   gradients    read_write  dY [rows, outputs], dX [rows, inputs]
//
// Runs before this layer's weights are updated: dX uses the W that produced the loss.
// All variants of the product share this file.
// Reference: src/reference/dense-backward.ts
#include "rows.wgsl"
#include "layer.wgsl"

@group(0) @binding(0) var<uniform> layer: Layer;
@group(0) @binding(1) var<storage, read> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read> activations: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> gradients: array<vec4f>;

// Stores four rows of four gradients; each row is a column of the block.
fn finishBlock(block: mat4x4f, rowQuad: u32, column: u32) {
  var dx = block;
  for (var i = 0u; i < 4u; i++) {
    let place = (4u * rowQuad + i) * quads(layer.inputs) + column;
    let x = activations[layer.inputOffset + place];
    // Past the end of a row X is 0, and so is dX.
    gradients[layer.inputGradientOffset + place] = select(vec4f(0.0), dx[i], x > vec4f(0.0));
  }
}
