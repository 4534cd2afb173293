// Convolution with stride 1, backward: see lib/conv_backward.wgsl for the buffers.
// Dispatch: workgroups in a line, one per 256 pixels x 16 channels, an invocation per 16 pixels. No barriers, all loads vec4f.
// Reference: src/reference/conv-backward.ts
enable subgroups;
#include "lib/conv_backward.wgsl"
#include "lib/conv_tile.subgroup.wgsl"
#include "lib/neighbours.wgsl"
#include "lib/tile_row.subgroup.wgsl"
#include "lib/weight_rows.wgsl"

fn imageQuad(index: u32) -> vec4f { return smallQuad(index); }

@compute @workgroup_size(16)
fn main(
  @builtin(workgroup_id) groupId: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let tile = subgroupTile(groupId.y * groups.x + groupId.x, local, lane, layer.bigQuads);
  let inside = tile.pixel < planePixels(layer.images, layer.smallRows, layer.smallColumns);
  // Tap (0, 0) reaches the small pixel below on the right.
  let line = (layer.smallColumns + 1u) * layer.smallQuads;
  let pixels = layer.smallGradient + (select(0u, tile.pixel, inside) - 1u) * layer.smallQuads + line;
  let stride = 9u * layer.bigQuads;
  var dx: TileSums;
  for (var j = 0u; j < 3u; j++) {
    for (var k = 0u; k < layer.smallQuads; k++) {
      let w = layer.weightOffset + 4u * k * stride + 3u * j * layer.bigQuads + tile.quads[0];
      let row = RowWeights(
        transpose(weightRows(w + 2u * layer.bigQuads, stride)),
        transpose(weightRows(w + layer.bigQuads, stride)),
        transpose(weightRows(w, stride)),
      );
      addRow(&dx, row, tileRow(pixels - j * line + k, layer.smallQuads));
    }
  }
  for (var p = 0u; p < tilePixels; p++) {
    let big = bigPixel(tile.pixel + p, vec2u(0u));
    if (!big.inside) { continue; }
    for (var n = 0u; n < 4u; n++) { finishQuad(blockOf(&dx, p, n), big.pixel, tile.quads[n]); }
  }
}
