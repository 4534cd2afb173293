// Convolution, forward: see lib/conv_forward.wgsl for the buffers.
// Dispatch: one workgroup per tile of pixels x channels, in a line: see lib/conv_tile.workgroup.wgsl.
// Reference: src/reference/conv-forward.ts
#include "lib/conv_forward.wgsl"
#include "lib/conv_product.workgroup.wgsl"

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) groupId: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let tile = smallTile(lineGroup(groupId, groups));
  if (tile.pixel >= planePixels(layer.images, layer.smallRows, layer.smallColumns)) { return; }
  findSlab(tile, local, layer.bigOffset);
  var z = convProduct(tile, local);
  let quad = resultQuad(tile, local);
  if (quad >= layer.smallQuads) { return; }
  for (var i = 0u; i < 8u; i++) { finishQuad(z[i / 4u][i % 4u], resultPixel(tile, local, i), quad); }
}
