// Poisson-distributed counts by inversion: a count increases with u, and one random number suffices. Reference:
// src/math/poisson.ts.
#include "normal.wgsl"

// The quantile of the Poisson distribution for probability u in (0, 1) and a mean of 0 or more.
fn poissonQuantile(mean: f32, u: f32) -> f32 {
  if (mean < 10.0) { return countedUp(mean, u); }
  // The Cornish-Fisher expansion of the quantile, with three terms after the normal one. The error in probability is 5e-5
  // at a mean of 10 and decreases above it.
  let w = normalQuantile(u);
  let root = sqrt(mean);
  let count = mean + root * w + (w * w + 2.0) / 6.0
    - w * (w * w + 2.0) / (72.0 * root)
    + ((3.0 * w * w + 7.0) * w * w - 16.0) / (810.0 * mean);
  return max(0.0, floor(count));
}

// Sums the probabilities of 0, 1, 2, ... up to u. This is exact except for rounding, and takes few terms for a small mean.
// The rounded sum may never reach u, so the loop also stops when terms become negligible.
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
