// Cuts a batch of patches out of pictures and adds noise: X[b] = the noisy patch order[p + b]; also stores the clean
// target.
//
//   sweep        uniform     Sweep
//   noise        uniform     Noise
//   order        read        [count] u32       patch numbers in visiting order
//   places       read        [count] Place     from place_patches
//   pictures     read        [pictures] Picture
//   noisy        read        samples of all pictures; the clean pictures if no noisy ones were measured
//   clean        read        the same
//   cursor       read_write  Cursor
//   activations  read_write  [rows, values]     block 0: X - CENTRE; the strengths, if the network has a noise map
//   cleanBatch   read_write  [rows, imageWords] four bytes per word, or four float32 if the samples have more bits
//
// Rows past the end of the sweep are set to zero; later kernels give them no gradient. A blur reads the pixels around the
// patch.
// Dispatch: one invocation per 4 values of one row: (imageWords, rows).
// Reference: src/reference/corrupt-patches.ts
#include "lib/sweep.wgsl"
#include "lib/samples.wgsl"
#include "lib/rows.wgsl"
#include "lib/patch.wgsl"
#include "lib/noise.wgsl"
#include "lib/twins.wgsl"
#include "lib/centre.wgsl"

@group(0) @binding(0) var<uniform> sweep: Sweep;
@group(0) @binding(1) var<uniform> noise: Noise;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read> places: array<Place>;
@group(0) @binding(4) var<storage, read> pictures: array<Picture>;
@group(0) @binding(5) var<storage, read> noisy: array<u32>;
@group(0) @binding(6) var<storage, read> clean: array<u32>;
@group(0) @binding(7) var<storage, read_write> cursor: Cursor;
@group(0) @binding(8) var<storage, read_write> activations: array<vec4f>;
@group(0) @binding(9) var<storage, read_write> cleanBatch: array<u32>;

// A value of the picture around a patch, in the patch's own rows and columns. Beyond the edge of the picture, the outermost
// pixel is repeated.
fn pixelAt(patchNumber: u32, row: i32, column: i32, channel: u32) -> f32 {
  let place = places[patchNumber];
  let picture = pictures[place.picture];
  let channels = i32(noise.channels);
  let width = i32(picture.columns) * channels;
  let first = place.first - i32(picture.firstValue);
  let corner = vec2i(first / width, (first % width) / channels);
  // One of the two steps goes along the picture's rows, the other along its columns.
  let upright = abs(place.down) == width;
  let along = select(vec2i(column, row), vec2i(row, column), upright);
  let steps = sign(select(vec2i(place.right, place.down), vec2i(place.down, place.right), upright));
  let last = vec2i(vec2u(picture.rows, picture.columns)) - 1;
  let pixel = clamp(corner + steps * along, vec2i(0), last);
  let value = picture.firstValue + u32(pixel.x * width + pixel.y * channels) + channel;
  return decodeSample(sampleOf(noisy[wordOfSample(value)], value));
}

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let quad = id.x;
  let row = id.y;
  if (quad >= sweep.imageWords || row >= 4u * sweep.rowQuads) { return; }
  let step = cursor.next;
  if (quad == 0u && row == 0u) { cursor.current = step; }
  var x = vec4f(0.0);
  var cleanSamples = vec4u(0u);
  let filled = row < rowsInStep(sweep, step);
  var strength = 0.0;
  if (filled) {
    let patchNumber = order[step * sweep.batch + row];
    let place = places[patchNumber];
    var noisySamples = vec4u(0u);
    for (var i = 0u; i < 4u; i++) {
      let position = 4u * quad + i;
      if (position >= sweep.pixels) { break; }
      let pixel = position / noise.channels;
      let value = patchValue(
        place,
        i32(pixel / noise.columns),
        i32(pixel % noise.columns),
        position % noise.channels,
      );
      cleanSamples[i] = sampleOf(clean[wordOfSample(value)], value);
      noisySamples[i] = sampleOf(noisy[wordOfSample(value)], value);
    }
    let key = vec2u(sweep.seed, sweep.noiseStream);
    if (twinsSwapped(patchNumber, sweep.epoch, key)) {
      let samples = noisySamples;
      noisySamples = cleanSamples;
      cleanSamples = samples;
    }
    let site = NoiseSite(quad, patchNumber, sweep.epoch, key, patchNumber);
    x = maskRow(addNoise(decodeSamples(noisySamples), noise, site) - CENTRE, quad, sweep.pixels);
    if (quad == 0u && noise.strengths != 0u) { strength = settingOf(0u, noise.law0, site); }
  }
  let place = row * sweep.imageWords + quad;
  activations[place] = x;
  if (SAMPLE_BITS == 8u) {
    cleanBatch[place] = wordOfBytes(cleanSamples);
  } else {
    let wanted = maskRow(decodeSamples(cleanSamples), quad, sweep.pixels);
    let words = bitcast<vec4u>(select(vec4f(0.0), wanted, filled));
    for (var i = 0u; i < 4u; i++) { cleanBatch[4u * place + i] = words[i]; }
  }
  if (quad == 0u && noise.strengths != 0u) { activations[noise.strengths + row] = vec4f(strength, 0.0, 0.0, 0.0); }
}
