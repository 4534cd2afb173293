// The last convolution of a training or validation step. From its logits Z it computes the network's output Y, the loss against the
// clean batch, the squared error as a picture, and the gradient of the loss with respect to Z.
//
//   layer        uniform     ConvLayer, with stride 1
//   blocks       uniform     PixelBlocks
//   sweep        uniform     Sweep
//   parameters   read        W, bias
//   activations  read        X, the big images; the network's input as pictures at 0, for a residual output
//   cleanBatch   read        [images, imageWords]              four bytes per word, or four float32: see SAMPLE_BITS
//   cursor       read_write  Cursor
//   gradients    read_write  dZ, the small images
//   partials     read_write  [parts, rowQuads, 2, 4]           for 4 images: sums of loss terms, of squared errors
//   counted      read        [images, imageWords]              four bytes per word: 1 for the values that count; see WEIGHT
//
// A part is 8 pixels of an image; there are never more parts than words in an image, for which there is room in partials. The
// loss is a mean over the step's samples and values, so dZ is divided by both; images past the end of the sweep get 0. Y itself is
// not stored. Pictures are in [0, 1].
// All variants of the product share this file.
// Reference: src/reference/conv-loss.ts
#include "rows.wgsl"
#include "conv_layer.wgsl"
#include "pixel_blocks.wgsl"
#include "sweep.wgsl"
#include "pixels.wgsl"
#include "sigmoid.wgsl"
#include "loss.wgsl"

// 1 sigmoid, 2 linear, 3 residual (src/kernels/dense.ts)
override ACTIVATION: u32 = 1u;
// 0: all values count; otherwise those in `counted` do, each with this weight
override WEIGHT: f32 = 0.0;

@group(0) @binding(0) var<uniform> layer: ConvLayer;
@group(0) @binding(1) var<uniform> blocks: PixelBlocks;
@group(0) @binding(2) var<uniform> sweep: Sweep;
@group(0) @binding(3) var<storage, read> parameters: array<vec4f>;
@group(0) @binding(4) var<storage, read> activations: array<vec4f>;
@group(0) @binding(5) var<storage, read> cleanBatch: array<u32>;
@group(0) @binding(6) var<storage, read_write> cursor: Cursor;
@group(0) @binding(7) var<storage, read_write> gradients: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> partials: array<f32>;
@group(0) @binding(9) var<storage, read> counted: array<u32>;

fn bigQuad(index: u32) -> vec4f { return activations[index]; }

// Stores the gradient of four logits of a pixel and returns (sum of loss terms, sum of squared errors).
fn scoreQuad(z: vec4f, place: Place, pixel: u32, quad: u32, samples: u32) -> vec2f {
  let channels = planeChannels(blocks);
  var clean = vec4f(0.0);
  var x = vec4f(0.0);
  var counts = vec4f(1.0);
  for (var lane = 0u; lane < 4u; lane++) {
    if (4u * quad + lane >= channels) { break; }
    let value = valueOf(blocks, place.row, place.column, 4u * quad + lane);
    let word = place.image * blocks.imageWords + value / 4u;
    if (SAMPLE_BITS == 8u) {
      clean[lane] = decodePixel(cleanBatch[word], value);
    } else {
      clean[lane] = bitcast<f32>(cleanBatch[4u * word + value % 4u]);
    }
    if (ACTIVATION == 3u) { x[lane] = activations[word][value % 4u]; }
    if (WEIGHT > 0.0) { counts[lane] = f32((counted[word] >> (8u * (value % 4u))) & 1u); }
  }
  var decayed = vec4f(0.0);
  var y = z;
  var slope = vec4f(1.0);
  switch (ACTIVATION) {
    case 2u: {}
    case 3u: {
      y = x - z;
      slope = vec4f(-1.0);
    }
    default: {
      decayed = decay(z);
      y = sigmoid(z, decayed);
      slope = y * (1.0 - y);
    }
  }
  let error = saturate(y) - clean;
  let scale = select(0.0, 1.0 / (f32(samples) * f32(sweep.pixels)), place.image < samples);
  let inside = maskRow(counts, quad, channels);
  let weight = select(1.0, WEIGHT, WEIGHT > 0.0);
  gradients[layer.smallGradient + pixel * layer.smallQuads + quad] =
    inside * (weight * scale) * lossDerivatives(y, slope, clean);
  return weight * vec2f(lossSum(z, decayed, y, clean, inside), dot(inside, error * error));
}
