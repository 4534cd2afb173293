// Every weight's gradient and update: see lib/adadelta_update.wgsl, which has the buffers.
// Dispatch: one workgroup for 32 x 32 weights, one invocation for 8 x 8; then one invocation for 4 rows of the batch.
// Reference: src/reference/adadelta-update.ts
#include "lib/adadelta_update.wgsl"
#include "lib/tile8.wgsl"
#include "lib/activation_rows.wgsl"
#include "lib/gradient_rows.wgsl"

@compute @workgroup_size(16)
fn main(
  @builtin(workgroup_id) groupId: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let group = groupId.y * groups.x + groupId.x;
  if (group >= layers.tiles) {
    finishStep((group - layers.tiles) * 16u + local);
    return;
  }
  let layer = layerOf(group);
  let inputQuadCount = quads(layer.inputs);
  let outputQuadCount = quads(layer.outputs);
  let across = (layer.inputs + 31u) / 32u;
  let tile = vec2u((group - layer.firstTile) % across, (group - layer.firstTile) / across);
  let place = 4u * tile + vec2u(local % 4u, local / 4u);
  if (2u * place.x >= inputQuadCount || 2u * place.y >= outputQuadCount) { return; }
  let inputQuads = tileQuads(place.x, inputQuadCount);
  let outputQuads = tileQuads(place.y, outputQuadCount);
  let first = place.x == 0u;
  var x = layer.inputOffset + inputQuads;
  var dy = layer.gradientOffset + outputQuads;
  // dwOI is output quad O, input quad I of the tile.
  var dw00 = mat4x4f();
  var dw01 = mat4x4f();
  var dw10 = mat4x4f();
  var dw11 = mat4x4f();
  var dbias0 = vec4f();
  var dbias1 = vec4f();
  for (var rowQuad = 0u; rowQuad < layer.rowQuads; rowQuad++) {
    let x0 = activationRows(x.x, inputQuadCount);
    let x1 = activationRows(x.y, inputQuadCount);
    let dy0 = gradientRows(dy.x, outputQuadCount);
    let dy1 = gradientRows(dy.y, outputQuadCount);
    let dy0Rows = transpose(dy0);
    dw00 += x0 * dy0Rows;
    dw01 += x1 * dy0Rows;
    let dy1Rows = transpose(dy1);
    dw10 += x0 * dy1Rows;
    dw11 += x1 * dy1Rows;
    if (first) {
      dbias0 += sumRows(dy0);
      dbias1 += sumRows(dy1);
    }
    x += 4u * inputQuadCount;
    dy += 4u * outputQuadCount;
  }
  // At an odd end the tile's second quad is its first again, and must not be updated twice.
  let secondInput = inputQuads.y > inputQuads.x;
  let secondOutput = outputQuads.y > outputQuads.x;
  finishBlock(layer, dw00, outputQuads.x, inputQuads.x);
  if (secondInput) { finishBlock(layer, dw01, outputQuads.x, inputQuads.y); }
  if (secondOutput) { finishBlock(layer, dw10, outputQuads.y, inputQuads.x); }
  if (secondInput && secondOutput) { finishBlock(layer, dw11, outputQuads.y, inputQuads.y); }
  if (first) { update(layer.biasOffset + outputQuads.x, dbias0); }
  if (first && secondOutput) { update(layer.biasOffset + outputQuads.y, dbias1); }
}
