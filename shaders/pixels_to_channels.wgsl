// The pictures of a batch as planes for convolutions: the pixels of a block become channels, and so does the strength of the noise.
//
//   blocks       uniform     PixelBlocks
//   activations  read_write  pictures at 0: [images, imageWords]; strengths, if there are any; planes
//
// Dispatch: one invocation per pixel of the planes, in a line.
// Reference: src/reference/pixels-to-channels.ts
#include "lib/rows.wgsl"
#include "lib/conv_layer.wgsl"
#include "lib/pixel_blocks.wgsl"

@group(0) @binding(0) var<uniform> blocks: PixelBlocks;
@group(0) @binding(1) var<storage, read_write> activations: array<vec4f>;

@compute @workgroup_size(16)
fn main(
  @builtin(workgroup_id) groupId: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let pixel = lineId(groupId, groups, local);
  let place = placeOf(pixel, blocks.images, blocks.rows / blocks.block, blocks.columns / blocks.block);
  if (!place.inside) { return; }
  let channels = planeChannels(blocks);
  let stride = quads(channels + select(0u, 1u, blocks.strengths != 0u));
  for (var quad = 0u; quad < stride; quad++) {
    var values = vec4f(0.0);
    for (var lane = 0u; lane < 4u; lane++) {
      if (4u * quad + lane >= channels) {
        if (blocks.strengths != 0u) { values[lane] = activations[blocks.strengths + place.image].x; }
        break;
      }
      let value = valueOf(blocks, place.row, place.column, 4u * quad + lane);
      values[lane] = activations[place.image * blocks.imageWords + value / 4u][value % 4u];
    }
    activations[blocks.plane + pixel * stride + quad] = values;
  }
}
