// Sums the partial sums of dense_loss for 4 rows and stores (loss, mean squared error) of each image at its place in the
// sweep: needs `sweep`, `cursor`, `partials` and `metrics`. The order of additions is fixed, so the bits are reproducible.
// One invocation sums a whole row. This suits images of thousands of pixels; for a million, a tree would be better.
#include "sweep.wgsl"

fn storeMetrics(rowQuad: u32) {
  var losses = vec4f(0.0);
  var errors = vec4f(0.0);
  for (var column = 0u; column < sweep.imageWords; column++) {
    let partial = 2u * (column * sweep.rowQuads + rowQuad);
    losses += partials[partial];
    errors += partials[partial + 1u];
  }
  losses /= f32(sweep.pixels);
  errors /= f32(sweep.pixels);
  let step = cursor.current;
  let samples = rowsInStep(sweep, step);
  let first = step * sweep.batch;
  for (var i = 0u; i < 4u; i++) {
    let row = 4u * rowQuad + i;
    if (row < samples) { metrics[first + row] = vec2f(losses[i], errors[i]); }
  }
}
