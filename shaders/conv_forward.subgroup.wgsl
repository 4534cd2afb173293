// Convolution with stride 1, forward: see lib/conv_forward.wgsl for the buffers.
// Dispatch: workgroups in a line, one per 256 pixels x 16 channels, an invocation per 16 pixels. No barriers, all loads vec4f.
// Reference: src/reference/conv-forward.ts
enable subgroups;
#include "lib/conv_forward.wgsl"
#include "lib/conv_tile.subgroup.wgsl"
#include "lib/neighbours.wgsl"
#include "lib/tile_row.subgroup.wgsl"
#include "lib/weight_rows.wgsl"

fn imageQuad(index: u32) -> vec4f { return bigQuad(index); }

@compute @workgroup_size(16)
fn main(
  @builtin(workgroup_id) groupId: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let tile = subgroupTile(groupId.y * groups.x + groupId.x, local, lane, layer.smallQuads);
  let pixels = layer.bigOffset + neighboursBeside(tile.pixel, 0u);
  let quads = layer.bigQuads;
  let line = (layer.bigColumns + 1u) * quads;
  // A row of weights is those from all big channels and taps to a small channel.
  let stride = 9u * quads;
  let weights = layer.weightOffset + 4u * stride * tile.quads[0];
  var y: TileSums;
  for (var j = 0u; j < 3u; j++) {
    for (var k = 0u; k < quads; k++) {
      let w = weights + 3u * j * quads + k;
      let row = RowWeights(
        weightRows(w, stride),
        weightRows(w + quads, stride),
        weightRows(w + 2u * quads, stride),
      );
      addRow(&y, row, tileRow(pixels + j * line + k, quads));
    }
  }
  let b0 = biasQuad(tile.quads[0]);
  let b1 = biasQuad(tile.quads[1]);
  let b2 = biasQuad(tile.quads[2]);
  let b3 = biasQuad(tile.quads[3]);
  for (var p = 0u; p < tilePixels; p++) {
    let pixel = tile.pixel + p;
    if (!isInside(pixel)) { continue; }
    storeQuad(blockOf(&y, p, 0u) + b0, pixel, tile.quads[0]);
    storeQuad(blockOf(&y, p, 1u) + b1, pixel, tile.quads[1]);
    storeQuad(blockOf(&y, p, 2u) + b2, pixel, tile.quads[2]);
    storeQuad(blockOf(&y, p, 3u) + b3, pixel, tile.quads[3]);
  }
}
