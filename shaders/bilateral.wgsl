// Bilateral filter: a Gaussian mean whose weights also decrease with the difference in value.
// The buffers are in lib/plane_filter.wgsl. falloff is -1 / (2 sigma^2) for values, setting the same for distances.
// Dispatch: one invocation for one pixel: (columns, rows of all planes).
// Reference: src/filters/bilateral.ts
#include "lib/plane_filter.wgsl"

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let place = placeOf(id);
  if (!place.inside) { return; }
  let radius = i32(planes.radius);
  let middle = noisy[place.index];
  var sum = 0.0;
  var total = 0.0;
  for (var down = -radius; down <= radius; down++) {
    for (var right = -radius; right <= radius; right++) {
      let value = noisyAt(place.firstRow, place.row + down, place.column + right);
      let difference = value - middle;
      let distance = f32(down * down + right * right);
      let weight = exp(planes.setting * distance + planes.falloff * difference * difference);
      sum += weight * value;
      total += weight;
    }
  }
  denoised[place.index] = sum / total;
}
