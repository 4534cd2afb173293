// Convolution, forward: Y[s, o] = activation(sum over j, k, i of X[stride s + (j, k) - 1, i] W[o, j, k, i] + bias[o] + S[s, o]).
//
//   layer        ConvLayer
//   parameters   W, bias
//   activations  X, the big images; Y, the small ones; S, if an earlier layer's output is added
//
// Job: 16 tiles of 8 pixels x 8 channels.
// Twin: shaders/conv_forward.*.wgsl. Reference: src/reference/conv-forward.ts
import { ConvLayer, pixel, quad, quadEnd, takeTile, tilePixel, tilePixels, tilesPerJob } from "./lib/conv_layer";
import { convProduct } from "./lib/conv_product";
import { quadAt } from "./lib/layer";
import { block, blockStride } from "./lib/product";

/** ACTIVATION: 0 ReLU, 2 linear (src/kernels/dense.ts). */
export function conv_forward(
  first: u32,
  end: u32,
  across: u32,
  layer: ConvLayer,
  parameters: usize,
  activations: usize,
  ACTIVATION: u32,
): void {
  const big = quadAt(activations, layer.bigOffset);
  const zero = f32x4.splat(0);
  for (let id = tilesPerJob * first; id < tilesPerJob * end; id++) {
    if (!takeTile(layer, id, layer.smallQuads)) break;
    convProduct(layer, parameters, big, quad, quadEnd);
    for (let m: u32 = 0; m < tilePixels; m++) {
      if (!tilePixel(m).inside) continue;
      const place = (pixel + m) * layer.smallQuads + quad;
      const to = quadAt(activations, layer.smallOffset + place);
      for (let n: u32 = 0; n < quadEnd - quad; n++) {
        let z = f32x4.add(
          v128.load(block() + m * blockStride + 16 * <usize>n),
          v128.load(quadAt(parameters, layer.biasOffset + quad + n)),
        );
        if (layer.addedOffset != 0) {
          z = f32x4.add(z, v128.load(quadAt(activations, layer.addedOffset + place + n)));
        }
        v128.store(to + 16 * <usize>n, ACTIVATION == 0 ? f32x4.max(z, zero) : z);
      }
    }
  }
}
