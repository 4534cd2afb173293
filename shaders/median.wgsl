// Median filter: the middle value of the square window around a pixel.
// The buffers are in lib/plane_filter.wgsl; the radius is at most 6.
// The kernel does not sort. It finds the result bit by bit, from the highest bit: the largest number such that at most half
// of the window's values are below it. The result is therefore exactly one of the values.
// Dispatch: one invocation per pixel: (columns, rows of all planes).
// Reference: src/filters/median.ts
#include "lib/plane_filter.wgsl"

// The window's values as integers in the same order.
var<private> keys: array<u32, 169>;

fn keyOf(value: f32) -> u32 {
  let bits = bitcast<u32>(value);
  return select(bits | 0x80000000u, ~bits, bits >= 0x80000000u);
}

fn valueOf(key: u32) -> f32 {
  return bitcast<f32>(select(~key, key & 0x7fffffffu, key >= 0x80000000u));
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let place = placeOf(id);
  if (!place.inside) { return; }
  let radius = i32(planes.radius);
  var count = 0u;
  for (var down = -radius; down <= radius; down++) {
    for (var right = -radius; right <= radius; right++) {
      keys[count] = keyOf(noisyAt(place.firstRow, place.row + down, place.column + right));
      count++;
    }
  }
  var found = 0u;
  for (var bit = 0x80000000u; bit > 0u; bit >>= 1u) {
    var below = 0u;
    for (var i = 0u; i < count; i++) { below += select(0u, 1u, keys[i] < (found | bit)); }
    if (below <= count / 2u) { found |= bit; }
  }
  denoised[place.index] = valueOf(found);
}
