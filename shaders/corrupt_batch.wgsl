// Gathers a batch of images and adds noise: X[b] = the noisy picture of image order[p + b]; also stores the clean target.
//
//   sweep        uniform     Sweep
//   window       uniform     Window
//   noise        uniform     Noise
//   order        read        [count] u32            image numbers in visiting order
//   noisy        read        [images, imageWords]   four bytes per word; the clean images if no noisy ones were measured
//   clean        read        [images, imageWords]
//   cursor       read_write  Cursor
//   activations  read_write  [rows, pixels]         block 0: X - CENTRE; the strengths, if the network has a noise map
//   cleanBatch   read_write  [rows, imageWords]     four bytes per word
//
// If SHIFT is above 0, both pictures are first moved by the same whole number of pixels.
// Rows past the end of the sweep are set to zero; later kernels give them no gradient.
// Dispatch: one invocation per 4 pixels of one row: (imageWords, rows). Each stage takes its random words from one Philox
// call.
// Reference: src/reference/corrupt-batch.ts
#include "lib/sweep.wgsl"
#include "lib/window.wgsl"
#include "lib/pixels.wgsl"
#include "lib/rows.wgsl"
#include "lib/noise.wgsl"
#include "lib/twins.wgsl"
#include "lib/shift.wgsl"
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

// For the current image: rows down and columns to the right.
var<private> shift: vec2i;

// Index of the source of a value of the shifted picture. Beyond the edge, the outermost pixel is repeated.
fn sourceOf(row: i32, column: i32, channel: u32) -> u32 {
  let last = vec2i(vec2u(noise.rows, noise.columns)) - 1;
  let inside = clamp(vec2i(row, column), vec2i(0), last);
  let place = vec2u(clamp(inside - shift, vec2i(0), last));
  return (place.x * noise.columns + place.y) * noise.channels + channel;
}

// A value of the shifted picture whose first word is `picture`.
fn pixelAt(picture: u32, row: i32, column: i32, channel: u32) -> f32 {
  let value = sourceOf(row, column, channel);
  return decodePixel(noisy[picture + value / 4u], value);
}

// (noisy, clean): a word of the shifted pictures whose first word is `picture`.
fn shiftedWords(picture: u32, word: u32) -> vec2u {
  var words = vec2u(0u);
  for (var i = 0u; i < 4u; i++) {
    let value = 4u * word + i;
    if (value >= sweep.pixels) { break; }
    let pixel = value / noise.channels;
    let row = i32(pixel / noise.columns);
    let source = sourceOf(row, i32(pixel % noise.columns), value % noise.channels);
    let place = picture + source / 4u;
    words |= vec2u(byteOf(noisy[place], source), byteOf(clean[place], source)) << vec2u(8u * i);
  }
  return words;
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
  var strength = 0.0;
  if (row < rowsInStep(sweep, step)) {
    let position = step * sweep.batch + row;
    let image = order[position];
    let picture = placeOf(window, position, image) * sweep.imageWords;
    let key = vec2u(sweep.seed, sweep.noiseStream);
    let site = NoiseSite(column, image, sweep.epoch, key, picture);
    var noisyWord = noisy[picture + column];
    cleanWord = clean[picture + column];
    if (SHIFT > 0u) {
      shift = shiftOf(image, sweep.epoch, key);
      let words = shiftedWords(picture, column);
      noisyWord = words.x;
      cleanWord = words.y;
    }
    if (twinsSwapped(image, sweep.epoch, key)) {
      let word = noisyWord;
      noisyWord = cleanWord;
      cleanWord = word;
    }
    x = maskRow(addNoise(decodePixels(noisyWord), noise, site) - CENTRE, column, sweep.pixels);
    if (column == 0u && noise.strengths != 0u) { strength = settingOf(0u, noise.law0, site); }
  }
  let place = row * sweep.imageWords + column;
  activations[place] = x;
  cleanBatch[place] = cleanWord;
  if (column == 0u && noise.strengths != 0u) { activations[noise.strengths + row] = vec4f(strength, 0.0, 0.0, 0.0); }
}
