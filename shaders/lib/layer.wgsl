// The place of one dense layer in the network's buffers; offsets in quads (vec4f).
// Layout: LayerLayout in src/math/layout.ts, which explains it.
struct Layer {
  inputs: u32,
  outputs: u32,
  rowQuads: u32,            // rows of a batch / 4
  inputOffset: u32,         // of X in activations
  outputOffset: u32,        // of Y in activations
  weightOffset: u32,        // of W in parameters
  biasOffset: u32,          // of the bias in parameters
  gradientOffset: u32,      // of dY in gradients
  inputGradientOffset: u32, // of dX in gradients
  @size(12) firstTile: u32, // 32 x 32 tiles in the weight matrices before this one
}
