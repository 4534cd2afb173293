// Gathers a batch of images and adds noise: X[b] = the noisy picture of image order[p + b]; also stores the clean target.
//
//   sweep        uniform     Sweep
//   window       uniform     Window
//   noise        uniform     Noise
//   order        read        [count] u32            image numbers in visiting order
//   noisy        read        [images, imageWords]   quads of samples; the clean images if no noisy ones were measured
//   clean        read        [images, imageWords]
//   cursor       read_write  Cursor
//   activations  read_write  [rows, pixels]         block 0: X - CENTRE; the strengths, if the network has a noise map
//   cleanBatch   read_write  [rows, imageWords]     four bytes per word, or four float32 if the samples have more bits
//
// If SHIFT is above 0, both pictures are first moved by the same whole number of pixels.
// Rows past the end of the sweep are set to zero; later kernels give them no gradient.
// Dispatch: one invocation per 4 pixels of one row: (imageWords, rows). Each stage takes its random words from one Philox
// call.
// Reference: src/reference/corrupt-batch.ts
#include "lib/sweep.wgsl"
#include "lib/window.wgsl"
#include "lib/samples.wgsl"
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
  return decodeSample(sampleOf(noisy[picture + wordOfSample(value)], value));
}

// Four samples of the noisy and of the clean picture.
struct Quads {
  noisy: vec4u,
  clean: vec4u,
}

// A quad of the shifted pictures whose first word is `picture`.
fn quadsAt(picture: u32, quad: u32) -> Quads {
  if (SHIFT == 0u && SAMPLE_BITS == 8u) {
    return Quads(bytesOf(noisy[picture + quad]), bytesOf(clean[picture + quad]));
  }
  var four = Quads(vec4u(0u), vec4u(0u));
  for (var i = 0u; i < 4u; i++) {
    let value = 4u * quad + i;
    if (value >= sweep.pixels) { break; }
    var source = value;
    if (SHIFT > 0u) {
      let pixel = value / noise.channels;
      let row = i32(pixel / noise.columns);
      source = sourceOf(row, i32(pixel % noise.columns), value % noise.channels);
    }
    let place = picture + wordOfSample(source);
    four.noisy[i] = sampleOf(noisy[place], source);
    four.clean[i] = sampleOf(clean[place], source);
  }
  return four;
}

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  let row = id.y;
  if (column >= sweep.imageWords || row >= 4u * sweep.rowQuads) { return; }
  let step = cursor.next;
  if (column == 0u && row == 0u) { cursor.current = step; }
  var x = vec4f(0.0);
  var cleanSamples = vec4u(0u);
  let filled = row < rowsInStep(sweep, step);
  var strength = 0.0;
  if (filled) {
    let position = step * sweep.batch + row;
    let image = order[position];
    let picture = placeOf(window, position, image) * sweep.imageWords * quadWords();
    let key = vec2u(sweep.seed, sweep.noiseStream);
    let site = NoiseSite(column, image, sweep.epoch, key, picture);
    if (SHIFT > 0u) { shift = shiftOf(image, sweep.epoch, key); }
    let four = quadsAt(picture, column);
    let swapped = twinsSwapped(image, sweep.epoch, key);
    cleanSamples = select(four.clean, four.noisy, swapped);
    let seen = decodeSamples(select(four.noisy, four.clean, swapped));
    x = maskRow(addNoise(seen, noise, site) - CENTRE, column, sweep.pixels);
    if (column == 0u && noise.strengths != 0u) { strength = settingOf(0u, noise.law0, site); }
  }
  let place = row * sweep.imageWords + column;
  activations[place] = x;
  if (SAMPLE_BITS == 8u) {
    cleanBatch[place] = wordOfBytes(cleanSamples);
  } else {
    let wanted = maskRow(decodeSamples(cleanSamples), column, sweep.pixels);
    let words = bitcast<vec4u>(select(vec4f(0.0), wanted, filled));
    for (var i = 0u; i < 4u; i++) { cleanBatch[4u * place + i] = words[i]; }
  }
  if (column == 0u && noise.strengths != 0u) { activations[noise.strengths + row] = vec4f(strength, 0.0, 0.0, 0.0); }
}
