// Products of a convolution that scatters, for eight small pixels and 8 big channels: those of the big pixels stride s + phase,
// one phase of stride x stride at a time:
//   Z[b, i] = sum over small channels o and taps j, k with b = stride s + (j, k) - 1 of small[s, o] W[o, j, k, i]
// Needs `layer`, `parameters`, and smallQuad(index), a quad of the small images.
#include "rows.wgsl"
#include "tile8.wgsl"
#include "conv_tile.wgsl"
#include "small_rows.wgsl"
#include "weight_rows.wgsl"

// Block 2 P + C is pixel quad P, channel quad C of the tile; a pixel is a column. `offset` is that of the small images.
fn upProduct(z: ptr<function, TileBlocks>, tile: ConvTile, offset: u32, phase: vec2u) {
  let p0 = offset + fourSmallPixels(tile.pixel);
  let p1 = offset + fourSmallPixels(tile.pixel + 4u);
  let stride = 9u * layer.bigQuads;
  let line = i32((layer.smallColumns + 1u) * layer.smallQuads);
  for (var tap = 0u; tap < 9u; tap++) {
    // The small pixel of the tap is s + apart / stride, if that is a whole number.
    let apart = vec2i(phase) + 1 - vec2i(vec2u(tap / 3u, tap % 3u));
    if (layer.stride == 2u && any((apart & vec2i(1)) == vec2i(1))) { continue; }
    let away = select(apart, apart / 2, layer.stride == 2u);
    let start = u32(away.x * line + away.y * i32(layer.smallQuads));
    let w = layer.weightOffset + tap * layer.bigQuads + tile.quads;
    for (var k = 0u; k < layer.smallQuads; k++) {
      let x0 = smallRowsOf(p0, start + k);
      let x1 = smallRowsOf(p1, start + k);
      let w0 = weightRows(w[0] + 4u * k * stride, stride);
      (*z)[0] += w0 * x0;
      (*z)[2] += w0 * x1;
      let w1 = weightRows(w[1] + 4u * k * stride, stride);
      (*z)[1] += w1 * x0;
      (*z)[3] += w1 * x1;
    }
  }
}
