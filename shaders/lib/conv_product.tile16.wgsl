// Products of a convolution that gathers: Z[s] = sum over taps j, k and big channels i of W[o, j, k, i] big[stride s + (j, k) - 1, i],
// for 16 small pixels x 16 small channels. Needs `layer`, `parameters`, and bigQuad(index), a quad of the big images.
#include "rows.wgsl"
#include "tile16.wgsl"
#include "conv_tile.wgsl"
#include "big_rows.wgsl"
#include "weight_rows.wgsl"

// Block 4 P + C is pixel quad P, channel quad C of the tile; a pixel is a column. `offset` is that of the big images. 32 loads serve 1024
// multiply-adds.
fn convProduct(z: ptr<function, TileBlocks>, tile: ConvTile, offset: u32) {
  let p0 = offset + neighboursOfFour(tile.pixel);
  let p1 = offset + neighboursOfFour(tile.pixel + 4u);
  let p2 = offset + neighboursOfFour(tile.pixel + 8u);
  let p3 = offset + neighboursOfFour(tile.pixel + 12u);
  // The three big pixels of a row are next to each other, and so are their weights.
  let steps = 3u * layer.bigQuads;
  let stride = 3u * steps;
  let line = (layer.bigColumns + 1u) * layer.bigQuads;
  let w = layer.weightOffset + 4u * stride * tile.quads;
  for (var j = 0u; j < 3u; j++) {
    for (var k = 0u; k < steps; k++) {
      let x0 = bigRowsOf(p0, j * line + k);
      let x1 = bigRowsOf(p1, j * line + k);
      let x2 = bigRowsOf(p2, j * line + k);
      let x3 = bigRowsOf(p3, j * line + k);
      let w0 = transpose(weightRows(w[0] + j * steps + k, stride));
      (*z)[0] += w0 * x0;
      (*z)[4] += w0 * x1;
      (*z)[8] += w0 * x2;
      (*z)[12] += w0 * x3;
      let w1 = transpose(weightRows(w[1] + j * steps + k, stride));
      (*z)[1] += w1 * x0;
      (*z)[5] += w1 * x1;
      (*z)[9] += w1 * x2;
      (*z)[13] += w1 * x3;
      let w2 = transpose(weightRows(w[2] + j * steps + k, stride));
      (*z)[2] += w2 * x0;
      (*z)[6] += w2 * x1;
      (*z)[10] += w2 * x2;
      (*z)[14] += w2 * x3;
      let w3 = transpose(weightRows(w[3] + j * steps + k, stride));
      (*z)[3] += w3 * x0;
      (*z)[7] += w3 * x1;
      (*z)[11] += w3 * x2;
      (*z)[15] += w3 * x3;
    }
  }
}
