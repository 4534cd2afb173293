import { type LayerLayout, type NetworkLayout, planeBlock, quads } from "../math/layout.ts";
import { type BlockSize, type LayerSpec, outputSize } from "../spec/layers.ts";

// The uniforms and dispatch sizes of the kernels in conv.ts, without their shaders, which a page loads only for convolutions.

/** A layer that is a convolution or a transposed one. */
export type ConvLayerSpec = LayerSpec<"conv"> | LayerSpec<"up">;

/** A convolution's two sizes of images: see `struct ConvLayer`. */
export function convSizes(spec: ConvLayerSpec): { readonly big: BlockSize; readonly small: BlockSize } {
  const output = outputSize(spec);
  return spec.kind === "conv" ? { big: spec.input, small: output } : { big: output, small: spec.input };
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
    spec.kind === "conv" ? spec.stride : 2,
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

/** Dispatch size for tiles of pixels of these images and their channels, in invocations. */
export function tileInvocations(pixelsOf: BlockSize, channels: number, images: number): number {
  const { pixels } = planeBlock(pixelsOf, images);
  return Math.ceil(pixels / 8) * Math.ceil(quads(channels) / 2);
}

/** Dispatch size of conv_loss: parts of an image, and images. */
export function partInvocations(size: BlockSize, images: number): [number, number] {
  return [Math.ceil((size.rows * (size.columns + 1)) / 8), images];
}

/** Dispatch size of conv_gradient. */
export function gradientInvocations(spec: ConvLayerSpec, splits: number): [number, number] {
  const { big, small } = convSizes(spec);
  const across = 3 * Math.ceil((3 * quads(big.channels)) / 8) + 1;
  return [4 * across, 4 * splits * Math.ceil(quads(small.channels) / 8)];
}
