// Products of a convolution that gathers: Z[s] = sum over taps j, k and big channels i of W[o, j, k, i] big[stride s + (j, k) - 1, i],
// for 8 small pixels x 8 small channels. Needs `layer`, `parameters`, and bigQuad(index), a quad of the big images.
#include "rows.wgsl"
#include "neighbours.wgsl"
#include "weight_rows.wgsl"

fn bigRowsOf(pixels: vec4u, index: u32) -> mat4x4f {
  return mat4x4f(
    bigQuad(pixels[0] + index),
    bigQuad(pixels[1] + index),
    bigQuad(pixels[2] + index),
    bigQuad(pixels[3] + index),
  );
}

// Block 2 P + C is pixel quad P, channel quad C of the tile; a pixel is a column. `offset` is that of the big images.
fn convProduct(z: ptr<function, array<mat4x4f, 4>>, tile: ConvTile, offset: u32) {
  let p0 = offset + vec4u(neighbours(tile.pixel), neighbours(tile.pixel + 1u), neighbours(tile.pixel + 2u), neighbours(tile.pixel + 3u));
  let p1 = offset + vec4u(neighbours(tile.pixel + 4u), neighbours(tile.pixel + 5u), neighbours(tile.pixel + 6u), neighbours(tile.pixel + 7u));
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
