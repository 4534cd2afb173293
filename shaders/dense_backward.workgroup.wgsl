// Dense layer, backward: see lib/dense_backward.wgsl for the buffers.
// Dispatch: one workgroup per 32 rows x 32 inputs, one invocation per 4 x 4: (inputs / 4, rows / 4).
// Reference: src/reference/dense-backward.ts
#include "lib/dense_backward.wgsl"
#include "lib/workgroup_tile.wgsl"

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let weightStride = quads(layer.inputs);
  let stride = quads(layer.outputs);
  let index = 8u * local.y + local.x;
  var dx = mat4x4f();
  // The left slice is [32 rows, 4 quads] of dY, the right one [16 outputs, 8 quads] of W.
  for (var first = 0u; first < stride; first += sliceQuads) {
    for (var i = index; i < 128u; i += 64u) {
      let row = 32u * group.y + i / sliceQuads;
      let k = first + i % sliceQuads;
      leftSlice[i] = vec4f(0.0);
      if (k < stride && row < 4u * layer.rowQuads) {
        leftSlice[i] = gradients[layer.gradientOffset + row * stride + k];
      }
      let output = 4u * first + i / 8u;
      let column = 8u * group.x + i % 8u;
      rightSlice[i] = vec4f(0.0);
      if (output < 4u * stride && column < weightStride) {
        rightSlice[i] = parameters[layer.weightOffset + output * weightStride + column];
      }
    }
    workgroupBarrier();
    for (var k = 0u; k < sliceQuads; k++) {
      let dy = leftBlock(16u * local.y + k, sliceQuads);
      let w = rightBlock(32u * k + local.x, 8u);
      dx += w * dy;
    }
    workgroupBarrier();
  }
  let rowQuad = 8u * group.y + local.y;
  let column = 8u * group.x + local.x;
  if (rowQuad < layer.rowQuads && column < weightStride) { finishBlock(dx, rowQuad, column); }
}
