// Convolution, backward: the gradient with respect to its input, through the ReLU that produced that input:
// dX[b, i] = (sum over o, j, k with b = stride s + (j, k) - 1 of dY[s, o] W[o, j, k, i] + dA[b, i]) if X[b, i] > 0, else 0.
//
//   layer        ConvLayer
//   parameters   W
//   activations  X, the big images
//   gradients    dY, the small images; dX, the big ones; dA, those of a later layer that adds X
//
// Job: 16 tiles of 8 small pixels x 8 channels.
// Twin: shaders/conv_backward.*.wgsl. Reference: src/reference/conv-backward.ts
import { ConvLayer, quad, quadEnd, takeTileOfChannels, tilePixels, tilesPerJob } from "./lib/conv_layer";
import { quadAt } from "./lib/layer";
import { block, blockStride } from "./lib/product";
import { bigPixel, packTaps, upProduct } from "./lib/up_product";

export function conv_backward(
  first: u32,
  end: u32,
  across: u32,
  layer: ConvLayer,
  parameters: usize,
  activations: usize,
  gradients: usize,
): void {
  const small = quadAt(gradients, layer.smallGradient);
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
            const x = v128.load(quadAt(activations, layer.bigOffset + place));
            let dx = v128.load(block() + m * blockStride + 16 * <usize>(n - quad));
            if (layer.adderGradient != 0) {
              dx = f32x4.add(dx, v128.load(quadAt(gradients, layer.adderGradient + place)));
            }
            v128.store(quadAt(gradients, layer.bigGradient + place), v128.and(dx, f32x4.gt(x, zero)));
          }
        }
      }
    }
  }
}
