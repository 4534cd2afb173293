// Products of a convolution that gathers: Z[s] = sum over taps j, k and big channels i of W[o, j, k, i] big[stride s + (j, k) - 1, i],
// for 8 small pixels x 8 small channels. Needs `layer`, `parameters`, and bigQuad(index), a quad of the big images.
#include "rows.wgsl"
#include "tile8.wgsl"
#include "conv_tile.wgsl"
#include "big_rows.wgsl"
#include "weight_rows.wgsl"

// Block 2 P + C is pixel quad P, channel quad C of the tile; a pixel is a column. `offset` is that of the big images.
fn convProduct(z: ptr<function, TileBlocks>, tile: ConvTile, offset: u32) {
  let p0 = offset + neighboursOfFour(tile.pixel);
  let p1 = offset + neighboursOfFour(tile.pixel + 4u);
  // The three big pixels of a row are next to each other, and so are their weights.
  let steps = 3u * layer.bigQuads;
  let stride = 3u * steps;
  let line = (layer.bigColumns + 1u) * layer.bigQuads;
  let w = layer.weightOffset + 4u * stride * tile.quads;
  for (var j = 0u; j < 3u; j++) {
    for (var k = 0u; k < steps; k++) {
      let x0 = bigRowsOf(p0, j * line + k);
      let x1 = bigRowsOf(p1, j * line + k);
      let w0 = transpose(weightRows(w[0] + j * steps + k, stride));
      (*z)[0] += w0 * x0;
      (*z)[2] += w0 * x1;
      let w1 = transpose(weightRows(w[1] + j * steps + k, stride));
      (*z)[1] += w1 * x0;
      (*z)[3] += w1 * x1;
    }
  }
}
