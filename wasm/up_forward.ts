// Transposed convolution, forward: each small pixel X[s, o] adds X[s, o] W[o, j, k, i] to the big pixel 2 s + (j, k) - 1, channel i;
// Y = activation(those sums + bias + S).
//
//   layer        ConvLayer
//   parameters   W, bias
//   activations  X, the small images; Y, the big ones; S, if an earlier layer's output is added
//
// Job: 16 tiles of 8 small pixels x 8 channels.
// Twin: shaders/up_forward.*.wgsl. Reference: src/reference/up-forward.ts
import { ConvLayer, quad, quadEnd, takeTileOfChannels, tilePixels, tilesPerJob } from "./lib/conv_layer";
import { quadAt } from "./lib/layer";
import { block, blockStride } from "./lib/product";
import { bigPixel, packTaps, upProduct } from "./lib/up_product";

/** ACTIVATION: 0 ReLU, 2 linear (src/kernels/dense.ts). */
export function up_forward(
  first: u32,
  end: u32,
  across: u32,
  layer: ConvLayer,
  parameters: usize,
  activations: usize,
  ACTIVATION: u32,
): void {
  const small = quadAt(activations, layer.smallOffset);
  const zero = f32x4.splat(0);
  let packed: u32 = u32.MAX_VALUE;
  for (let id = tilesPerJob * first; id < tilesPerJob * end; id++) {
    if (!takeTileOfChannels(layer, id, layer.bigQuads)) break;
    if (quad != packed) packTaps(layer, parameters);
    packed = quad;
    for (let row: u32 = 0; row < layer.stride; row++) {
      for (let column: u32 = 0; column < layer.stride; column++) {
        upProduct(layer, small, row, column);
        for (let m: u32 = 0; m < tilePixels; m++) {
          const big = bigPixel(layer, m, row, column);
          if (big < 0) continue;
          for (let n = quad; n < quadEnd; n++) {
            const place = <u32>big * layer.bigQuads + n;
            let z = f32x4.add(
              v128.load(block() + m * blockStride + 16 * <usize>(n - quad)),
              v128.load(quadAt(parameters, layer.biasOffset + n)),
            );
            if (layer.addedOffset != 0) {
              z = f32x4.add(z, v128.load(quadAt(activations, layer.addedOffset + place)));
            }
            v128.store(quadAt(activations, layer.bigOffset + place), ACTIVATION == 0 ? f32x4.max(z, zero) : z);
          }
        }
      }
    }
  }
}
