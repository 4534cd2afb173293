// Z = X W^T for 32 rows x 32 outputs per workgroup: needs `layer`, `parameters` and `activations`.
#include "workgroup_tile.wgsl"

// Returns the invocation's block. Every invocation of the workgroup must call it. Slices are [32 rows, 4 quads].
fn denseProduct(group: vec2u, local: vec2u) -> mat4x4f {
  let stride = quads(layer.inputs);
  let index = 8u * local.y + local.x;
  var z = mat4x4f();
  for (var first = 0u; first < stride; first += sliceQuads) {
    for (var i = index; i < 128u; i += 64u) {
      let row = 32u * group.y + i / sliceQuads;
      let output = 32u * group.x + i / sliceQuads;
      let k = first + i % sliceQuads;
      leftSlice[i] = vec4f(0.0);
      rightSlice[i] = vec4f(0.0);
      if (k < stride && row < 4u * layer.rowQuads) {
        leftSlice[i] = activations[layer.inputOffset + row * stride + k];
      }
      if (k < stride && output < 4u * quads(layer.outputs)) {
        rightSlice[i] = parameters[layer.weightOffset + output * stride + k];
      }
    }
    workgroupBarrier();
    for (var k = 0u; k < sliceQuads; k++) {
      let x = leftBlock(16u * local.y + k, sliceQuads);
      let w = rightBlock(16u * local.x + k, sliceQuads);
      z += transpose(w) * x;
    }
    workgroupBarrier();
  }
  return z;
}
