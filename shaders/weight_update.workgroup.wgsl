// The gradient and update of every weight: see lib/weight_update.wgsl for the buffers.
// Dispatch: one workgroup per 32 x 32 weights, one invocation per 4 x 4; then one invocation per 4 rows of the batch.
// Reference: src/reference/weight-update.ts
#include "lib/weight_update.wgsl"
#include "lib/workgroup_tile.wgsl"

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) groupId: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let group = groupId.y * groups.x + groupId.x;
  if (group >= layers.tiles) {
    finishStep((group - layers.tiles) * 64u + local);
    return;
  }
  let layer = layerOf(group);
  let inputQuadCount = quads(layer.inputs);
  let outputQuadCount = quads(layer.outputs);
  let tile = tilePlace(layer, group);
  let inputQuad = 8u * tile.x + local % 8u;
  let outputQuad = 8u * tile.y + local / 8u;
  let first = inputQuad == 0u;
  let rows = 4u * layer.rowQuads;
  var dw = mat4x4f();
  var dbias = vec4f();
  // The slices are [16 rows, 8 quads] of dY and of X.
  for (var firstRow = 0u; firstRow < rows; firstRow += 4u * sliceQuads) {
    for (var i = local; i < 128u; i += 64u) {
      let row = firstRow + i / 8u;
      let output = 8u * tile.y + i % 8u;
      let input = 8u * tile.x + i % 8u;
      leftSlice[i] = vec4f(0.0);
      rightSlice[i] = vec4f(0.0);
      if (row < rows && output < outputQuadCount) {
        leftSlice[i] = gradients[layer.gradientOffset + row * outputQuadCount + output];
      }
      if (row < rows && input < inputQuadCount) {
        rightSlice[i] = activations[layer.inputOffset + row * inputQuadCount + input];
      }
    }
    workgroupBarrier();
    for (var k = 0u; k < sliceQuads; k++) {
      let dy = leftBlock(32u * k + local / 8u, 8u);
      let x = rightBlock(32u * k + local % 8u, 8u);
      dw += x * transpose(dy);
      if (first) { dbias += sumRows(dy); }
    }
    workgroupBarrier();
  }
  if (inputQuad >= inputQuadCount || outputQuad >= outputQuadCount) { return; }
  for (var i = 0u; i < 4u; i++) { update(weightRow(layer, 4u * outputQuad + i, inputQuad), dw[i]); }
  if (first) { update(layer.biasOffset + outputQuad, dbias); }
}
