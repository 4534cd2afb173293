// Dense layer, backward: see lib/dense_backward.wgsl, which has the buffers.
// Dispatch: one invocation for 8 rows x 8 inputs: (inputs / 8, rows / 8). No barriers, all loads vec4f.
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
  // dxRC is row quad R, input quad C of the tile.
  var dx00 = mat4x4f();
  var dx01 = mat4x4f();
  var dx10 = mat4x4f();
  var dx11 = mat4x4f();
  for (var k = 0u; k < stride; k++) {
    let dy0 = gradientRows(dy.x + k, stride);
    let dy1 = gradientRows(dy.y + k, stride);
    let w0 = weightRows(w.x, weightStride);
    dx00 += w0 * dy0;
    dx10 += w0 * dy1;
    let w1 = weightRows(w.y, weightStride);
    dx01 += w1 * dy0;
    dx11 += w1 * dy1;
    w += 4u * weightStride;
  }
  finishBlock(dx00, rowQuads.x, columns.x);
  finishBlock(dx01, rowQuads.x, columns.y);
  finishBlock(dx10, rowQuads.y, columns.x);
  finishBlock(dx11, rowQuads.y, columns.y);
}
