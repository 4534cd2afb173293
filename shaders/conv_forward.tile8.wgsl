// Convolution, forward: see lib/conv_forward.wgsl for the buffers.
// Dispatch: one invocation per 8 pixels x 8 channels, in a line. No barriers, all loads vec4f.
// Reference: src/reference/conv-forward.ts
#include "lib/conv_forward.wgsl"
#include "lib/conv_product.tile8.wgsl"

@compute @workgroup_size(16)
fn main(
  @builtin(workgroup_id) groupId: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let pixels = planePixels(layer.images, layer.smallRows, layer.smallColumns);
  let tile = convTile(lineId(groupId, groups, local), pixels, layer.smallQuads);
  if (!tile.exists) { return; }
  var z: TileBlocks;
  convProduct(&z, tile, layer.bigOffset);
  for (var p = 0u; p < tilePixels; p++) {
    for (var c = 0u; c < tileSide; c++) { finishQuad(z[tileSide * (p / 4u) + c][p % 4u], tile.pixel + p, tile.quads[c]); }
  }
}
