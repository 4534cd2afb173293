// Dense layer, backward: see lib/dense_backward.wgsl for the buffers.
// Dispatch: one invocation per 8 rows x 8 inputs: (inputs / 8, rows / 8). No barriers, all loads vec4f.
// Reference: src/reference/dense-backward.ts
#include "lib/dense_backward.wgsl"
#include "lib/tile8.wgsl"
#include "lib/weight_rows.wgsl"
#include "lib/gradient_rows.wgsl"

@compute @workgroup_size(4, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let weightStride = quads(layer.inputs);
  let stride = quads(layer.outputs);
  let rowQuads = tileQuads(id.y, layer.rowQuads);
  let columns = tileQuads(id.x, weightStride);
  if (2u * id.y >= layer.rowQuads || 2u * id.x >= weightStride) { return; }
  let dy = layer.gradientOffset + 4u * stride * rowQuads;
  var w = layer.weightOffset + columns;
  // Block 2 R + C is row quad R, input quad C of the tile.
  var dx: array<mat4x4f, 4>;
  for (var k = 0u; k < stride; k++) {
    let dy0 = gradientRows(dy[0] + k, stride);
    let dy1 = gradientRows(dy[1] + k, stride);
    let w0 = weightRows(w[0], weightStride);
    dx[0] += w0 * dy0;
    dx[2] += w0 * dy1;
    let w1 = weightRows(w[1], weightStride);
    dx[1] += w1 * dy0;
    dx[3] += w1 * dy1;
    w += vec2u(4u * weightStride);
  }
  for (var block = 0u; block < 4u; block++) { finishBlock(dx[block], rowQuads[block / 2u], columns[block % 2u]); }
}
