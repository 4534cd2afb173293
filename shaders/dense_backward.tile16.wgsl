// Dense layer, backward: see lib/dense_backward.wgsl for the buffers.
// Dispatch: one invocation per 16 rows x 16 inputs: (inputs / 16, rows / 16). No barriers, all loads vec4f.
// Reference: src/reference/dense-backward.ts
#include "lib/dense_backward.wgsl"
#include "lib/tile16.wgsl"
#include "lib/weight_rows.wgsl"
#include "lib/gradient_rows.wgsl"

@compute @workgroup_size(2, 2)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let weightStride = quads(layer.inputs);
  let stride = quads(layer.outputs);
  let rowQuads = tileQuads(id.y, layer.rowQuads);
  let columns = tileQuads(id.x, weightStride);
  if (4u * id.y >= layer.rowQuads || 4u * id.x >= weightStride) { return; }
  let dy = layer.gradientOffset + 4u * stride * rowQuads;
  var w = layer.weightOffset + columns;
  // Block 4 R + C is row quad R, input quad C of the tile.
  var dx: array<mat4x4f, 16>;
  for (var k = 0u; k < stride; k++) {
    let dy0 = gradientRows(dy[0] + k, stride);
    let dy1 = gradientRows(dy[1] + k, stride);
    let dy2 = gradientRows(dy[2] + k, stride);
    let dy3 = gradientRows(dy[3] + k, stride);
    let w0 = weightRows(w[0], weightStride);
    dx[0] += w0 * dy0;
    dx[4] += w0 * dy1;
    dx[8] += w0 * dy2;
    dx[12] += w0 * dy3;
    let w1 = weightRows(w[1], weightStride);
    dx[1] += w1 * dy0;
    dx[5] += w1 * dy1;
    dx[9] += w1 * dy2;
    dx[13] += w1 * dy3;
    let w2 = weightRows(w[2], weightStride);
    dx[2] += w2 * dy0;
    dx[6] += w2 * dy1;
    dx[10] += w2 * dy2;
    dx[14] += w2 * dy3;
    let w3 = weightRows(w[3], weightStride);
    dx[3] += w3 * dy0;
    dx[7] += w3 * dy1;
    dx[11] += w3 * dy2;
    dx[15] += w3 * dy3;
    w += vec4u(4u * weightStride);
  }
  for (var block = 0u; block < 16u; block++) { finishBlock(dx[block], rowQuads[block / 4u], columns[block % 4u]); }
}
