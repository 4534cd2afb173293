// The gradient and update of every weight: see lib/weight_update.wgsl for the buffers.
// Dispatch: one workgroup per 32 x 32 weights, one invocation per 16 x 16; then one invocation per 4 rows of the batch.
// Reference: src/reference/weight-update.ts
#include "lib/weight_update.wgsl"
#include "lib/tile16.wgsl"
#include "lib/activation_rows.wgsl"
#include "lib/gradient_rows.wgsl"
#include "lib/tile_update.wgsl"

@compute @workgroup_size(4)
fn main(
  @builtin(workgroup_id) groupId: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let group = groupId.y * groups.x + groupId.x;
  if (group >= layers.tiles) {
    finishStep((group - layers.tiles) * 4u + local);
    return;
  }
  let layer = layerOf(group);
  let inputQuadCount = quads(layer.inputs);
  let outputQuadCount = quads(layer.outputs);
  let tile = tilePlace(layer, group);
  let place = 2u * tile + vec2u(local % 2u, local / 2u);
  if (4u * place.x >= inputQuadCount || 4u * place.y >= outputQuadCount) { return; }
  let inputQuads = tileQuads(place.x, inputQuadCount);
  let outputQuads = tileQuads(place.y, outputQuadCount);
  let first = place.x == 0u;
  var x = layer.inputOffset + inputQuads;
  var dy = layer.gradientOffset + outputQuads;
  // Block 4 O + I is output quad O, input quad I of the tile.
  var dw: TileBlocks;
  var dbias: array<vec4f, tileSide>;
  for (var rowQuad = 0u; rowQuad < layer.rowQuads; rowQuad++) {
    let x0 = activationRows(x[0], inputQuadCount);
    let x1 = activationRows(x[1], inputQuadCount);
    let x2 = activationRows(x[2], inputQuadCount);
    let x3 = activationRows(x[3], inputQuadCount);
    let dy0 = gradientRows(dy[0], outputQuadCount);
    let dy0Rows = transpose(dy0);
    dw[0] += x0 * dy0Rows;
    dw[1] += x1 * dy0Rows;
    dw[2] += x2 * dy0Rows;
    dw[3] += x3 * dy0Rows;
    let dy1 = gradientRows(dy[1], outputQuadCount);
    let dy1Rows = transpose(dy1);
    dw[4] += x0 * dy1Rows;
    dw[5] += x1 * dy1Rows;
    dw[6] += x2 * dy1Rows;
    dw[7] += x3 * dy1Rows;
    let dy2 = gradientRows(dy[2], outputQuadCount);
    let dy2Rows = transpose(dy2);
    dw[8] += x0 * dy2Rows;
    dw[9] += x1 * dy2Rows;
    dw[10] += x2 * dy2Rows;
    dw[11] += x3 * dy2Rows;
    let dy3 = gradientRows(dy[3], outputQuadCount);
    let dy3Rows = transpose(dy3);
    dw[12] += x0 * dy3Rows;
    dw[13] += x1 * dy3Rows;
    dw[14] += x2 * dy3Rows;
    dw[15] += x3 * dy3Rows;
    if (first) {
      dbias[0] += sumRows(dy0);
      dbias[1] += sumRows(dy1);
      dbias[2] += sumRows(dy2);
      dbias[3] += sumRows(dy3);
    }
    x += vec4u(4u * inputQuadCount);
    dy += vec4u(4u * outputQuadCount);
  }
  updateTile(layer, place, inputQuads, outputQuads, &dw, &dbias);
}
