// Convolution, backward: see lib/conv_backward.wgsl for the buffers.
// Dispatch: one invocation per 8 small pixels x 8 channels, in a line. No barriers, all loads vec4f.
// Reference: src/reference/conv-backward.ts
#include "lib/conv_backward.wgsl"
#include "lib/up_product.tile8.wgsl"

@compute @workgroup_size(16)
fn main(
  @builtin(workgroup_id) groupId: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let pixels = planePixels(layer.images, layer.smallRows, layer.smallColumns);
  let tile = convTile(lineId(groupId, groups, local), pixels, layer.bigQuads);
  if (!tile.exists) { return; }
  for (var phase = 0u; phase < layer.stride * layer.stride; phase++) {
    let shift = vec2u(phase / layer.stride, phase % layer.stride);
    // Explicitly: some compilers set a variable without a value to zeros in the first iteration only.
    var dx = TileBlocks();
    upProduct(&dx, tile, layer.smallGradient, shift);
    for (var p = 0u; p < tilePixels; p++) {
      let big = bigPixel(tile.pixel + p, shift);
      if (!big.inside) { continue; }
      for (var c = 0u; c < tileSide; c++) { finishQuad(dx[tileSide * (p / 4u) + c][p % 4u], big.pixel, tile.quads[c]); }
    }
  }
}
