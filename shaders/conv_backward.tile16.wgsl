// Convolution, backward: see lib/conv_backward.wgsl for the buffers.
// Dispatch: for each of the positions in a block of stride x stride big pixels, one invocation per 16 small pixels x 16 channels, in a
// line. A loop over the positions would compile for half a minute on SwiftShader. No barriers, all loads vec4f.
// Reference: src/reference/conv-backward.ts
#include "lib/conv_backward.wgsl"
#include "lib/up_product.tile16.wgsl"

@compute @workgroup_size(16)
fn main(
  @builtin(workgroup_id) groupId: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let pixels = planePixels(layer.images, layer.smallRows, layer.smallColumns);
  let tiles = convTiles(pixels, layer.bigQuads);
  let id = lineId(groupId, groups, local);
  let phase = id / tiles;
  if (phase >= layer.stride * layer.stride) { return; }
  let shift = vec2u(phase / layer.stride, phase % layer.stride);
  let tile = convTile(id % tiles, pixels, layer.bigQuads);
  var dx: TileBlocks;
  upProduct(&dx, tile, layer.smallGradient, shift);
  for (var p = 0u; p < tilePixels; p++) {
    let big = bigPixel(tile.pixel + p, shift);
    if (!big.inside) { continue; }
    for (var c = 0u; c < tileSide; c++) { finishQuad(dx[tileSide * (p / 4u) + c][p % 4u], big.pixel, tile.quads[c]); }
  }
}
