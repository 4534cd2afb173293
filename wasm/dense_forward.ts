// Dense layer, forward: Y[b, o] = activation(sum over i of X[b, i] W[o, i] + bias[o]).
//
//   layer        Layer
//   parameters   W [outputs, inputs], bias [outputs]
//   activations  X [rows, inputs], Y [rows, outputs]
//
// A residual output has the shape of the network's input, which is block 0.
// Job: 32 rows x 32 outputs.
// Twin: shaders/dense_forward.*.wgsl. Reference: src/reference/dense-forward.ts
import { column, columns, denseProduct, row, rows } from "./lib/dense_product";
import { Layer, quadAt } from "./lib/layer";
import { block, blockStride } from "./lib/product";
import { maskRow, quads } from "./lib/rows";
import { decay, sigmoid } from "./lib/sigmoid";

/** ACTIVATION: 0 ReLU, 1 sigmoid, 2 linear, 3 residual (src/kernels/dense.ts). */
export function dense_forward(
  first: u32,
  end: u32,
  across: u32,
  layer: Layer,
  parameters: usize,
  activations: usize,
  CENTRE: f32,
  ACTIVATION: u32,
): void {
  const stride = quads(layer.outputs);
  const centre = f32x4.splat(CENTRE);
  const zero = f32x4.splat(0);
  for (let job = first; job < end; job++) {
    denseProduct(job, across, layer, parameters, activations);
    for (let j: u32 = 0; j < columns; j++) {
      const quad = column + j;
      const bias = v128.load(quadAt(parameters, layer.biasOffset + quad));
      for (let i: u32 = 0; i < rows; i++) {
        const place = (row + i) * stride + quad;
        const z = f32x4.add(v128.load(block() + i * blockStride + 16 * j), bias);
        let y = z;
        if (ACTIVATION == 0) y = f32x4.max(z, zero);
        else if (ACTIVATION == 1) y = sigmoid(z, decay(z));
        else if (ACTIVATION == 3) y = f32x4.sub(f32x4.add(v128.load(quadAt(activations, place)), centre), z);
        v128.store(quadAt(activations, layer.outputOffset + place), maskRow(y, quad, layer.outputs));
      }
    }
  }
}
