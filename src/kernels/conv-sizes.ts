import { type LayerLayout, type NetworkLayout, planeBlock, quads } from "../math/layout.ts";
import type { BlockSize, LayerSpec } from "../spec/layer-specs.ts";
import { outputSize } from "../spec/layers.ts";
import type { ConvFamily, LossFamily } from "./family.ts";

// The uniforms and dispatch sizes of the kernels in conv.ts, without their shaders, which a page loads only for convolutions.

/** A layer that is a convolution or a transposed one. */
export type ConvLayerSpec = LayerSpec<"conv"> | LayerSpec<"up">;

/** A convolution's two sizes of images: see `struct ConvLayer`. */
export function convSizes(spec: ConvLayerSpec): { readonly big: BlockSize; readonly small: BlockSize } {
  const output = outputSize(spec);
  return spec.kind === "conv" ? { big: spec.input, small: output } : { big: output, small: spec.input };
}

function strideOf(spec: ConvLayerSpec): 1 | 2 {
  return spec.kind === "conv" ? spec.stride : 2;
}

/** `struct ConvLayer` in shaders/lib/conv_layer.wgsl: 19 words, and padding. */
export function convUniform(
  spec: ConvLayerSpec,
  layer: LayerLayout,
  {
    batch,
    gradientSplits,
    parameterQuads,
  }: Pick<NetworkLayout, "batch" | "gradientSplits" | "parameterQuads">,
): Uint32Array<ArrayBuffer> {
  const { big, small } = convSizes(spec);
  const { inputOffset, outputOffset, inputGradientOffset, gradientOffset, weightOffset, biasOffset } = layer;
  const offsets =
    spec.kind === "conv"
      ? [inputOffset, outputOffset, inputGradientOffset, gradientOffset]
      : [outputOffset, inputOffset, gradientOffset, inputGradientOffset];
  const words = [
    batch,
    ...[big.rows, big.columns, quads(big.channels)],
    ...[small.rows, small.columns, quads(small.channels)],
    strideOf(spec),
    ...offsets,
    ...[weightOffset, biasOffset],
    ...[gradientSplits, parameterQuads],
    small.channels,
    ...[layer.addedOffset, layer.adderGradientOffset],
  ];
  const uniform = new Uint32Array(20);
  uniform.set(words);
  return uniform;
}

/** `struct PixelBlocks` in shaders/lib/pixel_blocks.wgsl: 9 words, and padding; with the planes of the input or of the logits. */
export function pixelBlocksUniform(
  { network, layers, batch, imageWords, pictureOffset, strengthOffset }: NetworkLayout,
  end: "input" | "logits",
): Uint32Array<ArrayBuffer> {
  const { image, channels, block } = network;
  const plane = end === "input" ? layers.at(0)?.inputOffset : layers.at(-1)?.outputOffset;
  const uniform = new Uint32Array(12);
  uniform.set([batch, ...image, channels, block, imageWords, plane ?? 0, pictureOffset]);
  if (end === "input") uniform[8] = strengthOffset;
  return uniform;
}

/** `struct PartSizes` in shaders/parameter_update.wgsl. */
export function partSizesUniform({
  parameterQuads,
  gradientSplits,
}: NetworkLayout): Uint32Array<ArrayBuffer> {
  return Uint32Array.from([parameterQuads, gradientSplits, 0, 0]);
}

/** Products of a convolution: from its big images to its small ones, or the other way. */
type Direction = "gather" | "scatter";

/** The tile of a workgroup of the family workgroup: `groupTile` in shaders/lib/conv_tile.workgroup.wgsl. */
function groupTile(channelQuads: number, stride: number, direction: Direction) {
  const narrowest = direction === "gather" ? stride : 1;
  const fitting = 2 ** Math.ceil(Math.log2(channelQuads));
  const quadsAcross = Math.max(narrowest, Math.min(8, fitting));
  return { quads: quadsAcross, pixels: 512 / quadsAcross };
}

/** Quads on each side of a tile in registers. */
const tileSides = { tile8: 2, tile16: 4 } as const;

/** Tiles of 16 pixels of a workgroup in subgroup. */
const subgroupTiles = 16;

/** Invocations of a workgroup of the family workgroup; those of conv_gradient. */
const [groupSize, gradientGroupSize] = [64, 256];

/** Dispatch size, in invocations, for the small images of a convolution and the channels of a product's result. */
export function tileInvocations(
  family: ConvFamily,
  spec: ConvLayerSpec,
  direction: Direction,
  images: number,
): number {
  const { big, small } = convSizes(spec);
  const { pixels } = planeBlock(small, images);
  const channelQuads = quads((direction === "gather" ? small : big).channels);
  if (family === "subgroup") {
    return subgroupTiles * Math.ceil(pixels / (16 * subgroupTiles)) * Math.ceil(channelQuads / 4);
  }
  if (family !== "workgroup") {
    const side = tileSides[family];
    // In tile8 an invocation computes all positions in a block of big pixels, in tile16 one.
    const positions = family === "tile16" && direction === "scatter" ? strideOf(spec) ** 2 : 1;
    return positions * Math.ceil(pixels / (4 * side)) * Math.ceil(channelQuads / side);
  }
  const tile = groupTile(channelQuads, strideOf(spec), direction);
  return groupSize * Math.ceil(pixels / tile.pixels) * Math.ceil(channelQuads / tile.quads);
}

/** Dispatch size of conv_loss: parts of an image, and images; or tiles of all images. */
export function partInvocations(
  family: LossFamily,
  { rows, columns, channels }: BlockSize,
  images: number,
): number | [number, number] {
  const pixels = rows * (columns + 1);
  if (family === "tile8") return [Math.ceil(pixels / 8), images];
  return groupSize * Math.ceil(pixels / groupTile(quads(channels), 1, "gather").pixels) * images;
}

/** Dispatch size of conv_gradient. */
export function gradientInvocations(
  family: ConvFamily,
  spec: ConvLayerSpec,
  splits: number,
): [number, number] {
  const { big, small } = convSizes(spec);
  if (family === "subgroup") {
    return [4 * (3 * Math.ceil(quads(big.channels) / 4) + 1), splits * Math.ceil(quads(small.channels) / 4)];
  }
  const down = splits * Math.ceil(quads(small.channels) / 8);
  if (family !== "workgroup") {
    const groupTiles = 8 / tileSides[family];
    return [groupTiles * (3 * Math.ceil((3 * quads(big.channels)) / 8) + 1), groupTiles * down];
  }
  return [gradientGroupSize * (3 * Math.ceil(quads(big.channels) / 8) + 1), down];
}
