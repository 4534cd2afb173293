// Convolution, backward: see lib/conv_backward.wgsl for the buffers.
// Dispatch: one workgroup per tile of small pixels x channels, in a line: see lib/conv_tile.workgroup.wgsl.
// Reference: src/reference/conv-backward.ts
#include "lib/conv_backward.wgsl"
#include "lib/up_product.workgroup.wgsl"

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) groupId: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let tile = bigTile(lineGroup(groupId, groups));
  if (tile.pixel >= planePixels(layer.images, layer.smallRows, layer.smallColumns)) { return; }
  findSlab(tile, local, layer.smallGradient);
  let quad = resultQuad(tile, local);
  for (var phase = 0u; phase < layer.stride * layer.stride; phase++) {
    let shift = vec2u(phase / layer.stride, phase % layer.stride);
    var dx = upProduct(tile, local, shift);
    for (var i = 0u; i < 8u; i++) {
      let big = bigPixel(resultPixel(tile, local, i), shift);
      if (big.inside && quad < layer.bigQuads) { finishQuad(dx[i / 4u][i % 4u], big.pixel, quad); }
    }
  }
}
