// The network's output as pictures, from the logits of the last convolution as planes: the inverse of pixels_to_channels, and the
// output function.
//
//   blocks       PixelBlocks
//   activations  the network's input as pictures at 0; logits as planes; pictures [images, imageWords]
//
// Job: 8 quads of 8 pictures.
// Twin: shaders/channels_to_pixels.wgsl. Reference: src/reference/channels-to-pixels.ts
import { pixelAt } from "./lib/conv_layer";
import { quadAt } from "./lib/layer";
import { PixelBlocks, planeChannels } from "./lib/pixel_blocks";
import { rowScores } from "./lib/product";
import { maskRow, quads } from "./lib/rows";
import { decay, sigmoid } from "./lib/sigmoid";

/** ACTIVATION: 1 sigmoid, 2 linear, 3 residual (src/kernels/dense.ts). */
export function channels_to_pixels(
  first: u32,
  end: u32,
  across: u32,
  blocks: PixelBlocks,
  activations: usize,
  ACTIVATION: u32,
): void {
  const block = blocks.block;
  const stride = 4 * quads(planeChannels(blocks));
  const values = blocks.rows * blocks.columns * blocks.channels;
  const planes = quadAt(activations, blocks.plane);
  for (let job = first; job < end; job++) {
    const firstQuad: u32 = 8 * (job % across);
    const firstImage: u32 = 8 * (job / across);
    const lastQuad = min(firstQuad + 8, blocks.imageWords);
    const lastImage = min(firstImage + 8, blocks.images);
    for (let image = firstImage; image < lastImage; image++) {
      for (let quad = firstQuad; quad < lastQuad; quad++) {
        const lanes = min<u32>(4, values - 4 * quad);
        v128.store(rowScores(), f32x4.splat(0));
        for (let lane: u32 = 0; lane < lanes; lane++) {
          const value = 4 * quad + lane;
          const pixel = value / blocks.channels;
          const y = pixel / blocks.columns;
          const x = pixel - y * blocks.columns;
          const channel = ((value % blocks.channels) * block + (y % block)) * block + (x % block);
          const cell = pixelAt(image, y / block, x / block, blocks.rows / block, blocks.columns / block);
          store<f32>(rowScores() + 4 * lane, load<f32>(planes + 4 * <usize>(cell * stride + channel)));
        }
        const z = v128.load(rowScores());
        const place = image * blocks.imageWords + quad;
        let y = z;
        if (ACTIVATION == 1) y = sigmoid(z, decay(z));
        else if (ACTIVATION == 3) y = f32x4.sub(v128.load(quadAt(activations, place)), z);
        v128.store(quadAt(activations, blocks.pictures + place), maskRow(y, quad, values));
      }
    }
  }
}
