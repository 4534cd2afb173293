// Counts of events that come singly and independently (Poisson's distribution), by inversion: a count grows with u, and one
// random number is enough. Twin: src/math/poisson.ts.
#include "normal.wgsl"

// The count that is not exceeded with probability u in (0, 1), for a mean of 0 or more.
fn poissonQuantile(mean: f32, u: f32) -> f32 {
  if (mean < 10.0) { return countedUp(mean, u); }
  // Cornish and Fisher's expansion of the quantile, three terms behind the normal one's: probabilities are off by 5e-5 at a
  // mean of 10, and by ever less above it.
  let w = normalQuantile(u);
  let root = sqrt(mean);
  let count = mean + root * w + (w * w + 2.0) / 6.0
    - w * (w * w + 2.0) / (72.0 * root)
    + ((3.0 * w * w + 7.0) * w * w - 16.0) / (810.0 * mean);
  return max(0.0, floor(count));
}

// Adds the probabilities of 0, 1, 2, ... up to u: exact but for rounding, and few where the mean is small. Because of
// rounding the sum may never reach u, so terms that are too small to matter end the loop.
fn countedUp(mean: f32, u: f32) -> f32 {
  var count = 0.0;
  var share = exp(-mean);
  var below = share;
  for (var k = 1; k < 64; k++) {
    if (u <= below || (share < 0x1p-26 && count > mean)) { break; }
    count = f32(k);
    share *= mean / count;
    below += share;
  }
  return count;
}
