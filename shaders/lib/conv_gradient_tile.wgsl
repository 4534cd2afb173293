// The gradient of a convolution's weights and biases in register tiles: see conv_gradient.wgsl for the buffers. Needs `tileSide`
// (tile8.wgsl or tile16.wgsl), and sumWeights(split, rows, tapRow, columns), the sums of a tile over a split: block tileSide O + I is quad
// O of `rows`, quad I of `columns`; a small channel is a column.
// Workgroups in x: for each of the three rows of taps, one per 8 quads of (tap, big channel), then one for the bias. In y: for each
// split, one per 8 quads of small channels.
#include "conv_gradient.wgsl"
#include "bias_sum.wgsl"

// Tiles of a workgroup in each direction.
const groupTiles = 8u / tileSide;

// The quads of four pixels next to each other, `pixels` their first ones.
fn smallRows(pixels: vec4u, quad: u32) -> mat4x4f {
  return mat4x4f(smallQuad(pixels[0] + quad), smallQuad(pixels[1] + quad), smallQuad(pixels[2] + quad), smallQuad(pixels[3] + quad));
}

fn bigRows(pixels: vec4u, quad: u32) -> mat4x4f {
  return mat4x4f(bigQuad(pixels[0] + quad), bigQuad(pixels[1] + quad), bigQuad(pixels[2] + quad), bigQuad(pixels[3] + quad));
}

// Stores the tile of an invocation, or its share of the bias.
fn gradientTile(group: vec3u, local: vec3u) {
  let steps = 3u * layer.bigQuads;
  let across = (steps + 7u) / 8u;
  let down = (layer.smallQuads + 7u) / 8u;
  let split = group.y / down;
  let rowTile = groupTiles * (group.y % down) + local.y;
  let start = split * layer.parameterQuads;
  if (group.x == 3u * across) {
    // The invocations of a split share the quads of the bias.
    let outputs = select(layer.smallQuads, layer.bigQuads, UP == 1u);
    for (var quad = groupTiles * rowTile + local.x; quad < outputs; quad += groupTiles * groupTiles * down) {
      parts[start + layer.biasOffset + quad] = sumBias(split, quad);
    }
    return;
  }
  let tapRow = group.x / across;
  let columnTile = groupTiles * (group.x % across) + local.x;
  if (tileSide * columnTile >= steps || tileSide * rowTile >= layer.smallQuads) { return; }
  let columns = tileQuads(columnTile, steps);
  let rows = tileQuads(rowTile, layer.smallQuads);
  let dw = sumWeights(split, rows, tapRow, columns);
  for (var o = 0u; o < 4u * tileSide; o++) {
    for (var i = 0u; i < tileSide; i++) {
      let row = 4u * rows[o / 4u] + o % 4u;
      parts[start + layer.weightOffset + (3u * row + tapRow) * steps + columns[i]] = dw[tileSide * (o / 4u) + i][o % 4u];
    }
  }
}
