// A convolution between images of two sizes, as planes of pixels with quads of channels; offsets in quads.
// Twin: shaders/lib/conv_layer.wgsl, which explains the planes.
import { table } from "./product";

// @ts-ignore: decorator
@unmanaged
export class ConvLayer {
  images: u32;
  bigRows: u32;
  bigColumns: u32;
  bigQuads: u32; // of channels
  smallRows: u32;
  smallColumns: u32;
  smallQuads: u32;
  stride: u32; // 1 or 2
  bigOffset: u32; // in activations
  smallOffset: u32;
  bigGradient: u32; // in gradients
  smallGradient: u32;
  weightOffset: u32; // of W in parameters: [small channels, 9, quads of big channels]
  biasOffset: u32; // of the bias in parameters: quads of output channels
  splits: u32; // parts of a gradient
  parameterQuads: u32; // of a part
  smallChannels: u32;
  addedOffset: u32; // in activations: the images that are added before the activation; 0 for none
  adderGradient: u32; // in gradients: those of the layer that adds this layer's input; 0 for none
}

/** Pixels of a tile of results, and quads of its channels. */
export const tilePixels: u32 = 8;
export const tileQuads: u32 = 2;

/** Tiles of a job. */
export const tilesPerJob: u32 = 16;

/** Pixels of all images of planes, with those of zeros. */
// @ts-ignore: decorator
@inline
export function planePixels(images: u32, rows: u32, columns: u32): u32 {
  return images * (rows + 1) * (columns + 1);
}

/** The number of a pixel of planes. */
// @ts-ignore: decorator
@inline
export function pixelAt(image: u32, row: u32, column: u32, rows: u32, columns: u32): u32 {
  return (image * (rows + 1) + row) * (columns + 1) + column;
}

/** A small pixel of a tile in the table: whether it is a pixel of an image, its place there, and the big pixel at its place. */
// @ts-ignore: decorator
@unmanaged
export class TilePixel {
  inside: bool;
  row: u32;
  column: u32;
  big: u32; // the number of big pixel stride * (row, column); 0 for a pixel of zeros
}

/** A pixel of the tile. */
// @ts-ignore: decorator
@inline
export function tilePixel(index: u32): TilePixel {
  return changetype<TilePixel>(table() + 16 * <usize>index);
}

// Per thread: the tile in progress, its first small pixel and its quads of channels, `quad` up to, not including, `quadEnd`.
export let pixel: u32 = 0;
export let quad: u32 = 0;
export let quadEnd: u32 = 0;

/**
 * Sets the variables above and the table to tile `id` of results with so many quads of channels; false past the last tile. The tiles of
 * a pixel are adjacent.
 */
export function takeTile(layer: ConvLayer, id: u32, channelQuads: u32): bool {
  const columns = (channelQuads + 1) / tileQuads;
  return setTile(layer, id / columns, id % columns, channelQuads);
}

/** The same, but the tiles of the same channels are adjacent. */
export function takeTileOfChannels(layer: ConvLayer, id: u32, channelQuads: u32): bool {
  const pixels = planePixels(layer.images, layer.smallRows, layer.smallColumns);
  const tiles = (pixels + tilePixels - 1) / tilePixels;
  return setTile(layer, id % tiles, id / tiles, channelQuads);
}

function setTile(layer: ConvLayer, row: u32, column: u32, channelQuads: u32): bool {
  pixel = tilePixels * row;
  quad = tileQuads * column;
  quadEnd = min(quad + tileQuads, channelQuads);
  const pixels = planePixels(layer.images, layer.smallRows, layer.smallColumns);
  if (pixel >= pixels || quad >= channelQuads) return false;
  placeTile(layer, pixel);
  return true;
}

/** Writes the eight small pixels from `pixel` on to the table. */
export function placeTile(layer: ConvLayer, pixel: u32): void {
  const pitch = layer.smallColumns + 1;
  const line = pixel / pitch;
  let column = pixel - line * pitch;
  let image = line / (layer.smallRows + 1);
  let row = line - image * (layer.smallRows + 1);
  for (let index: u32 = 0; index < tilePixels; index++) {
    const one = tilePixel(index);
    const inside = column < layer.smallColumns && row < layer.smallRows && image < layer.images;
    one.inside = inside;
    one.row = row;
    one.column = column;
    one.big = inside
      ? pixelAt(image, layer.stride * row, layer.stride * column, layer.bigRows, layer.bigColumns)
      : 0;
    column += 1;
    if (column < pitch) continue;
    column = 0;
    row += 1;
    if (row <= layer.smallRows) continue;
    row = 0;
    image += 1;
  }
}
