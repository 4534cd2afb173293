// Non-local means: a pixel becomes the mean of the surrounding pixels, weighted by the similarity of their 5 x 5 patches.
// The buffers are in lib/plane_filter.wgsl. The radius is the search radius for patches, falloff is -1 / h^2, and setting
// is 2 sigma^2, the expected difference of two patches from noise alone.
// Dispatch: one invocation per pixel: (columns, rows of all planes).
// Reference: src/filters/non-local-means.ts
#include "lib/plane_filter.wgsl"

const patchSide = 5;
const patchRadius = 2;

// The patch around the invocation's pixel.
var<private> own: array<f32, 25>;

// The mean squared difference between that patch and the one around another pixel of the plane.
fn difference(firstRow: u32, row: i32, column: i32) -> f32 {
  var sum = 0.0;
  for (var i = 0; i < patchSide * patchSide; i++) {
    let other = noisyAt(firstRow, row + i / patchSide - patchRadius, column + i % patchSide - patchRadius);
    sum += (own[i] - other) * (own[i] - other);
  }
  return sum / f32(patchSide * patchSide);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let place = placeOf(id);
  if (!place.inside) { return; }
  let radius = i32(planes.radius);
  for (var i = 0; i < patchSide * patchSide; i++) {
    own[i] = noisyAt(place.firstRow, place.row + i / patchSide - patchRadius, place.column + i % patchSide - patchRadius);
  }
  var sum = 0.0;
  var total = 0.0;
  for (var down = -radius; down <= radius; down++) {
    for (var right = -radius; right <= radius; right++) {
      let there = vec2i(place.row + down, place.column + right);
      let excess = max(difference(place.firstRow, there.x, there.y) - planes.setting, 0.0);
      let weight = exp(planes.falloff * excess);
      sum += weight * noisyAt(place.firstRow, there.x, there.y);
      total += weight;
    }
  }
  denoised[place.index] = sum / total;
}
