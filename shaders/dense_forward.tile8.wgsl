// Dense layer, forward: see lib/dense_forward.wgsl for the buffers.
// Dispatch: one invocation per 8 rows x 8 outputs: (outputs / 8, rows / 8). No barriers, all loads vec4f.
// Reference: src/reference/dense-forward.ts
#include "lib/dense_forward.wgsl"
#include "lib/dense_product.tile8.wgsl"

@compute @workgroup_size(4, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let rowQuads = tileQuads(id.y, layer.rowQuads);
  let columns = tileQuads(id.x, quads(layer.outputs));
  if (2u * id.y >= layer.rowQuads || 2u * id.x >= quads(layer.outputs)) { return; }
  var z: array<mat4x4f, 4>;
  denseProduct(&z, rowQuads, columns);
  for (var block = 0u; block < 4u; block++) { finishBlock(z[block], rowQuads[block / 2u], columns[block % 2u]); }
}
