// Dense layer, forward: see lib/dense_forward.wgsl for the buffers.
// Dispatch: one workgroup per 32 rows x 32 outputs, one invocation per 4 x 4: (outputs / 4, rows / 4).
// Reference: src/reference/dense-forward.ts
#include "lib/dense_forward.wgsl"
#include "lib/dense_product.workgroup.wgsl"

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let z = denseProduct(group.xy, local.xy);
  let rowQuad = 8u * group.y + local.y;
  let column = 8u * group.x + local.x;
  if (rowQuad < layer.rowQuads && column < quads(layer.outputs)) { finishBlock(z, rowQuad, column); }
}
