// Transposed convolution, backward: see lib/up_backward.wgsl for the buffers.
// Dispatch: one invocation per 8 pixels x 8 channels, in a line. No barriers, all loads vec4f.
// Reference: src/reference/up-backward.ts
#include "lib/up_backward.wgsl"
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
  var dx: TileBlocks;
  convProduct(&dx, tile, layer.bigGradient);
  for (var p = 0u; p < tilePixels; p++) {
    for (var c = 0u; c < tileSide; c++) { finishQuad(dx[tileSide * (p / 4u) + c][p % 4u], tile.pixel + p, tile.quads[c]); }
  }
}
