// Transposed convolution, backward: the gradient with respect to its input, through the ReLU that produced that input:
// dX[s, o] = (sum over j, k, i of dY[2 s + (j, k) - 1, i] W[o, j, k, i] + dA[s, o]) if X[s, o] > 0, else 0.
//
//   layer        ConvLayer
//   parameters   W
//   activations  X, the small images
//   gradients    dY, the big images; dX, the small ones; dA, those of a later layer that adds X
//
// Job: 16 tiles of 8 pixels x 8 channels.
// Twin: shaders/up_backward.*.wgsl. Reference: src/reference/up-backward.ts
import { ConvLayer, pixel, quad, quadEnd, takeTile, tilePixel, tilePixels, tilesPerJob } from "./lib/conv_layer";
import { convProduct } from "./lib/conv_product";
import { quadAt } from "./lib/layer";
import { block, blockStride } from "./lib/product";

export function up_backward(
  first: u32,
  end: u32,
  across: u32,
  layer: ConvLayer,
  parameters: usize,
  activations: usize,
  gradients: usize,
): void {
  const big = quadAt(gradients, layer.bigGradient);
  const zero = f32x4.splat(0);
  for (let id = tilesPerJob * first; id < tilesPerJob * end; id++) {
    if (!takeTile(layer, id, layer.smallQuads)) break;
    convProduct(layer, parameters, big, quad, quadEnd);
    for (let m: u32 = 0; m < tilePixels; m++) {
      if (!tilePixel(m).inside) continue;
      for (let n: u32 = 0; n < quadEnd - quad; n++) {
        const place = (pixel + m) * layer.smallQuads + quad + n;
        const x = v128.load(quadAt(activations, layer.smallOffset + place));
        let dx = v128.load(block() + m * blockStride + 16 * <usize>n);
        if (layer.adderGradient != 0) {
          dx = f32x4.add(dx, v128.load(quadAt(gradients, layer.adderGradient + place)));
        }
        v128.store(quadAt(gradients, layer.smallGradient + place), v128.and(dx, f32x4.gt(x, zero)));
      }
    }
  }
}
