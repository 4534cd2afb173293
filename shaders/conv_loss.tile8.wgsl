// The last convolution with its loss: see lib/conv_loss.wgsl for the buffers.
// Dispatch: one invocation per 8 pixels of an image: (parts, images). No barriers.
// Reference: src/reference/conv-loss.ts
#include "lib/conv_loss.wgsl"
#include "lib/conv_product.tile8.wgsl"

@compute @workgroup_size(4, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let imagePixels = planePixels(1u, layer.smallRows, layer.smallColumns);
  // Without the row of zeros.
  let shown = layer.smallRows * (layer.smallColumns + 1u);
  let first = 8u * id.x;
  if (first >= shown || id.y >= layer.images) { return; }
  let samples = rowsInStep(sweep, cursor.current);
  var score = vec2f(0.0);
  for (var quad = 0u; quad < layer.smallQuads; quad += 2u) {
    let tile = ConvTile(id.y * imagePixels + first, tileQuads(quad / 2u, layer.smallQuads), true);
    // Explicitly: some compilers set a variable without a value to zeros in the first iteration only.
    var z = TileBlocks();
    convProduct(&z, tile, layer.bigOffset);
    for (var p = 0u; p < min(8u, shown - first); p++) {
      let place = placeOf(tile.pixel + p, layer.images, layer.smallRows, layer.smallColumns);
      if (!place.inside) { continue; }
      for (var c = 0u; c < min(2u, layer.smallQuads - quad); c++) {
        let logits = z[2u * (p / 4u) + c][p % 4u] + parameters[layer.biasOffset + quad + c];
        score += scoreQuad(logits, place, tile.pixel + p, quad + c, samples);
      }
    }
  }
  let partial = 8u * (id.x * sweep.rowQuads + id.y / 4u) + id.y % 4u;
  partials[partial] = score.x;
  partials[partial + 4u] = score.y;
}
