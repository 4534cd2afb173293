// Gathers a batch of clean images and puts Gaussian noise on it: X[b] = clip(image + factor * N(0, 1)) to [0, 1].
//
//   sweep        uniform     Sweep
//   window       uniform     Window
//   noise        uniform     GaussianNoise
//   order        read        [count] u32            image numbers in visiting order
//   images       read        [images, imageWords]   four bytes a word
//   cursor       read_write  Cursor
//   activations  read_write  [rows, pixels]         block 0: X
//   cleanBatch   read_write  [rows, imageWords]     four bytes a word
//
// The noise of a pixel depends on (seed, stream, epoch, image, pixel) alone: not on the batch, the order or the adapter's
// schedule. Rows past the end of the sweep become zeros; later kernels give them no gradient.
// Dispatch: one invocation for 4 pixels of one row: (imageWords, rows). One Philox call gives its four normal numbers.
// Reference: src/reference/corrupt-gaussian.ts
#include "lib/sweep.wgsl"
#include "lib/window.wgsl"
#include "lib/pixels.wgsl"
#include "lib/rows.wgsl"
#include "lib/normal.wgsl"

struct GaussianNoise {
  factor: f32,
}

@group(0) @binding(0) var<uniform> sweep: Sweep;
@group(0) @binding(1) var<uniform> window: Window;
@group(0) @binding(2) var<uniform> noise: GaussianNoise;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> images: array<u32>;
@group(0) @binding(5) var<storage, read_write> cursor: Cursor;
@group(0) @binding(6) var<storage, read_write> activations: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> cleanBatch: array<u32>;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  let row = id.y;
  if (column >= sweep.imageWords || row >= 4u * sweep.rowQuads) { return; }
  let step = cursor.next;
  if (column == 0u && row == 0u) { cursor.current = step; }
  var x = vec4f(0.0);
  var cleanWord = 0u;
  if (row < rowsInStep(sweep, step)) {
    let position = step * sweep.batch + row;
    let image = order[position];
    cleanWord = images[placeOf(window, position, image) * sweep.imageWords + column];
    let words = philox(vec4u(column, image, sweep.epoch, 0u), vec2u(sweep.seed, sweep.noiseStream));
    let noisy = saturate(decodePixels(cleanWord) + noise.factor * normal4(words));
    x = maskRow(noisy, column, sweep.pixels);
  }
  let place = row * sweep.imageWords + column;
  activations[place] = x;
  cleanBatch[place] = cleanWord;
}
