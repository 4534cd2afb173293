// Dense layer, backward: the gradient with respect to its input, through the ReLU that produced that input:
// dX[b, i] = (sum over o of dY[b, o] W[o, i]) if X[b, i] > 0, else 0.
//
//   layer        Layer
//   parameters   W [outputs, inputs]
//   activations  X [rows, inputs], the ReLU's output
//   gradients    dY [rows, outputs], dX [rows, inputs]
//
// Runs before this layer's weights are updated: dX uses the W that produced the loss.
// Job: 32 rows x 32 inputs.
// Twin: shaders/dense_backward.*.wgsl. Reference: src/reference/dense-backward.ts
import { Layer, quadAt } from "./lib/layer";
import { addProduct, block, blockSide, blockStride, clearBlock } from "./lib/product";
import { quads } from "./lib/rows";

export function dense_backward(
  first: u32,
  end: u32,
  across: u32,
  layer: Layer,
  parameters: usize,
  activations: usize,
  gradients: usize,
): void {
  const weightStride = quads(layer.inputs);
  const stride = quads(layer.outputs);
  const zero = f32x4.splat(0);
  for (let job = first; job < end; job++) {
    const row = (job / across) * blockSide;
    const column = (job % across) * (blockSide / 4);
    const rows = min(blockSide, 4 * layer.rowQuads - row);
    const columns = min(blockSide / 4, weightStride - column);
    const dy = quadAt(gradients, layer.gradientOffset + row * stride);
    const w = quadAt(parameters, layer.weightOffset + column);
    clearBlock();
    // The sum stops at `outputs`: dY is 0 past the end of a row, and W has only that many rows.
    addProduct(dy, 16 * <usize>stride, 4, w, 16 * <usize>weightStride, layer.outputs, rows, 4 * columns);
    for (let i: u32 = 0; i < rows; i++) {
      for (let j: u32 = 0; j < columns; j++) {
        const place = (row + i) * weightStride + column + j;
        const x = v128.load(quadAt(activations, layer.inputOffset + place));
        const dx = v128.load(block() + i * blockStride + 16 * j);
        // Past the end of a row X is 0, and so is dX.
        v128.store(
          quadAt(gradients, layer.inputGradientOffset + place),
          v128.and(dx, f32x4.gt(x, zero)),
        );
      }
    }
  }
}
