// The place of one dense layer in the network's buffers; offsets in quads (four numbers).
// Twin: shaders/lib/layer.wgsl. LayerLayout in src/math/layout.ts explains the layout.

// @ts-ignore: decorator
@unmanaged
export class Layer {
  inputs: u32;
  outputs: u32;
  rowQuads: u32; // rows of a batch / 4
  inputOffset: u32; // of X in activations
  outputOffset: u32; // of Y in activations
  weightOffset: u32; // of W in parameters
  biasOffset: u32; // of the bias in parameters
  gradientOffset: u32; // of dY in gradients
  inputGradientOffset: u32; // of dX in gradients
  firstTile: u32; // 32 x 32 tiles in the weight matrices before this one
}

/** The size in bytes of a layer in an array. */
export const layerBytes: usize = 48;

/** The address of a quad of a buffer. */
// @ts-ignore: decorator
@inline
export function quadAt(buffer: usize, quad: u32): usize {
  return buffer + 16 * <usize>quad;
}
