// The last convolution with its loss: see lib/conv_loss.wgsl for the buffers.
// Dispatch: one workgroup per tile of pixels of an image, in a line: see lib/conv_tile.workgroup.wgsl. It computes all channels.
// Reference: src/reference/conv-loss.ts
#include "lib/conv_loss.wgsl"
#include "lib/conv_product.workgroup.wgsl"

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) groupId: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  // Without the row of zeros.
  let shown = layer.smallRows * (layer.smallColumns + 1u);
  var tile = smallTile(0u);
  let pixels = 512u >> tile.shift;
  let tiles = (shown + pixels - 1u) / pixels;
  let group = lineGroup(groupId, groups);
  let image = group / tiles;
  if (image >= layer.images) { return; }
  let start = image * planePixels(1u, layer.smallRows, layer.smallColumns);
  let firstPixel = group % tiles * pixels;
  tile.pixel = start + firstPixel;
  findSlab(tile, local, layer.bigOffset);
  let samples = rowsInStep(sweep, cursor.current);
  var scores = array<vec2f, 8>();
  for (; tile.quad < layer.smallQuads; tile.quad += 1u << tile.shift) {
    var z = convProduct(tile, local);
    let quad = resultQuad(tile, local);
    for (var i = 0u; i < 8u; i++) {
      let pixel = resultPixel(tile, local, i);
      let place = placeOf(pixel, layer.images, layer.smallRows, layer.smallColumns);
      // The end of the last tile is in the next image.
      if (!place.inside || place.image != image || quad >= layer.smallQuads) { continue; }
      scores[i] += scoreQuad(z[i / 4u][i % 4u] + parameters[layer.biasOffset + quad], place, pixel, quad, samples);
    }
  }
  // In the order of the pixels, each as many as the tile has quads.
  for (var i = 0u; i < 8u; i++) { slices[local + 64u * i] = vec4f(scores[i], 0.0, 0.0); }
  workgroupBarrier();
  let part = firstPixel / 8u + local;
  if (8u * local >= pixels || 8u * part >= shown) { return; }
  var score = vec2f(0.0);
  for (var i = 0u; i < 8u << tile.shift; i++) { score += slices[(local << (tile.shift + 3u)) + i].xy; }
  let partial = 8u * (part * sweep.rowQuads + image / 4u) + image % 4u;
  partials[partial] = score.x;
  partials[partial + 4u] = score.y;
}
