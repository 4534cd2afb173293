// The network's output as pictures, from the logits of the last convolution as planes: the inverse of pixels_to_channels, and the
// output function.
//
//   blocks       uniform     PixelBlocks
//   activations  read_write  the network's input as pictures at 0; logits as planes; pictures [images, imageWords]
//
// Dispatch: one invocation per quad of a picture: (imageWords, images).
// Reference: src/reference/channels-to-pixels.ts
#include "lib/rows.wgsl"
#include "lib/conv_layer.wgsl"
#include "lib/pixel_blocks.wgsl"
#include "lib/sigmoid.wgsl"

// 1 sigmoid, 2 linear, 3 residual (src/kernels/dense.ts)
override ACTIVATION: u32 = 1u;

@group(0) @binding(0) var<uniform> blocks: PixelBlocks;
@group(0) @binding(1) var<storage, read_write> activations: array<vec4f>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= blocks.imageWords || id.y >= blocks.images) { return; }
  let stride = quads(planeChannels(blocks));
  let area = blocks.block * blocks.block;
  let place = id.y * blocks.imageWords + id.x;
  var z = vec4f(0.0);
  for (var lane = 0u; lane < 4u; lane++) {
    let value = 4u * id.x + lane;
    if (value >= blocks.rows * blocks.columns * blocks.channels) { break; }
    let x = (value / blocks.channels) % blocks.columns;
    let y = value / (blocks.channels * blocks.columns);
    let channel = (value % blocks.channels) * area + (y % blocks.block) * blocks.block + x % blocks.block;
    let pixel = pixelAt(id.y, y / blocks.block, x / blocks.block, blocks.rows / blocks.block, blocks.columns / blocks.block);
    z[lane] = activations[blocks.plane + pixel * stride + channel / 4u][channel % 4u];
  }
  var result = z;
  switch (ACTIVATION) {
    case 2u: {}
    case 3u: { result = activations[place] - z; }
    default: { result = sigmoid(z, decay(z)); }
  }
  activations[blocks.pictures + place] = maskRow(result, id.x, blocks.rows * blocks.columns * blocks.channels);
}
