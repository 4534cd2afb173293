// The last dense layer with its loss: see lib/dense_loss.wgsl for the buffers.
// Dispatch: one invocation per 16 rows x 16 outputs: (outputs / 16, rows / 16). No barriers, all loads vec4f.
// Reference: src/reference/dense-loss.ts
#include "lib/dense_loss.wgsl"
#include "lib/dense_product.tile16.wgsl"

@compute @workgroup_size(2, 2)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let rowQuads = tileQuads(id.y, layer.rowQuads);
  let columns = tileQuads(id.x, quads(layer.outputs));
  if (4u * id.y >= layer.rowQuads || 4u * id.x >= quads(layer.outputs)) { return; }
  var z: array<mat4x4f, 16>;
  denseProduct(&z, rowQuads, columns);
  for (var block = 0u; block < 16u; block++) { finishBlock(z[block], rowQuads[block / 4u], columns[block % 4u]); }
}
