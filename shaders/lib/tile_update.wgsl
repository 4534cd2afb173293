// The update of a tile of weights, and of the bias by the tiles of a weight matrix's first columns. Needs weight_update.wgsl, and
// tileSide, TileQuads and TileBlocks of the tile. At the end of a dimension, some of the tile's quads repeat the last one and must
// not be updated twice.
fn updateTile(
  layer: Layer,
  place: vec2u,
  inputQuads: TileQuads,
  outputQuads: TileQuads,
  dw: ptr<function, TileBlocks>,
  dbias: ptr<function, array<vec4f, tileSide>>,
) {
  let inputsHere = min(tileSide, quads(layer.inputs) - tileSide * place.x);
  let outputsHere = min(tileSide, quads(layer.outputs) - tileSide * place.y);
  for (var o = 0u; o < outputsHere; o++) {
    // The bias follows the rows of weights in one loop, so that the update is compiled only once.
    for (var row = 0u; row < 4u * inputsHere + u32(place.x == 0u); row++) {
      let i = row / 4u;
      var index = layer.biasOffset + outputQuads[o];
      var gradient = (*dbias)[o];
      if (i < inputsHere) {
        index = weightRow(layer, 4u * outputQuads[o] + row % 4u, inputQuads[i]);
        gradient = (*dw)[tileSide * o + i][row % 4u];
      }
      update(index, gradient);
    }
  }
}
