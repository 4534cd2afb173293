// Gaussian smoothing along one axis. The filter takes two dispatches: along the columns, then along the rows.
// The buffers are in lib/plane_filter.wgsl; falloff is -1 / (2 sigma^2).
// Dispatch: one invocation per pixel: (columns, rows of all planes).
// Reference: src/filters/gaussian.ts
#include "lib/plane_filter.wgsl"

// 0 along the columns, 1 along the rows (src/kernels/filters.ts)
override AXIS: u32 = 0u;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let place = placeOf(id);
  if (!place.inside) { return; }
  let radius = i32(planes.radius);
  var sum = 0.0;
  var total = 0.0;
  for (var offset = -radius; offset <= radius; offset++) {
    let step = select(vec2i(0, offset), vec2i(offset, 0), AXIS == 1u);
    let weight = exp(planes.falloff * f32(offset * offset));
    sum += weight * noisyAt(place.firstRow, place.row + step.x, place.column + step.y);
    total += weight;
  }
  denoised[place.index] = sum / total;
}
