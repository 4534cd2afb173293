// Gathers a batch of images and puts noise on them: X[b] = the noisy picture of image order[p + b], and its clean twin.
//
//   sweep        uniform     Sweep
//   window       uniform     Window
//   noise        uniform     Noise
//   order        read        [count] u32            image numbers in visiting order
//   noisy        read        [images, imageWords]   four bytes a word; where nothing was measured, the clean images
//   clean        read        [images, imageWords]
//   cursor       read_write  Cursor
//   activations  read_write  [rows, pixels]         block 0: X - CENTRE
//   cleanBatch   read_write  [rows, imageWords]     four bytes a word
//
// Rows past the end of the sweep become zeros; later kernels give them no gradient.
// Dispatch: one invocation for 4 pixels of one row: (imageWords, rows). One Philox call a stage gives their random words.
// Reference: src/reference/corrupt-batch.ts
#include "lib/sweep.wgsl"
#include "lib/window.wgsl"
#include "lib/pixels.wgsl"
#include "lib/rows.wgsl"
#include "lib/noise.wgsl"
#include "lib/twins.wgsl"
#include "lib/centre.wgsl"

@group(0) @binding(0) var<uniform> sweep: Sweep;
@group(0) @binding(1) var<uniform> window: Window;
@group(0) @binding(2) var<uniform> noise: Noise;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> noisy: array<u32>;
@group(0) @binding(5) var<storage, read> clean: array<u32>;
@group(0) @binding(6) var<storage, read_write> cursor: Cursor;
@group(0) @binding(7) var<storage, read_write> activations: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> cleanBatch: array<u32>;

// A value of the picture whose first word this is; beyond its edge, of its outermost pixel.
fn pixelAt(picture: u32, row: i32, column: i32, channel: u32) -> f32 {
  let inside = vec2u(clamp(vec2i(row, column), vec2i(0), vec2i(vec2u(noise.rows, noise.columns)) - 1));
  let value = (inside.x * noise.columns + inside.y) * noise.channels + channel;
  return decodePixel(noisy[picture + value / 4u], value);
}

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
    let picture = placeOf(window, position, image) * sweep.imageWords;
    let key = vec2u(sweep.seed, sweep.noiseStream);
    let site = NoiseSite(column, image, sweep.epoch, key, picture);
    var noisyWord = noisy[picture + column];
    cleanWord = clean[picture + column];
    if (twinsSwapped(image, sweep.epoch, key)) {
      let word = noisyWord;
      noisyWord = cleanWord;
      cleanWord = word;
    }
    x = maskRow(addNoise(decodePixels(noisyWord), noise, site) - CENTRE, column, sweep.pixels);
  }
  let place = row * sweep.imageWords + column;
  activations[place] = x;
  cleanBatch[place] = cleanWord;
}
