// Counts of events that come singly and independently (Poisson's distribution), by inversion.
// Twin: shaders/lib/poisson.wgsl.
import { exp4 } from "./math";
import { normalQuantile } from "./normal";

/** The counts that are not exceeded with probability u in (0, 1), for means of 0 or more. */
export function poissonQuantile(mean: v128, u: v128): v128 {
  const few = f32x4.lt(mean, f32x4.splat(10));
  if (i32x4.all_true(few)) return countedUp(mean, u);
  const expanded = expansion(mean, u);
  if (!v128.any_true(few)) return expanded;
  return v128.bitselect(countedUp(v128.and(mean, few), u), expanded, few);
}

/** Cornish and Fisher's expansion of the quantile, three terms behind the normal one's. */
function expansion(mean: v128, u: v128): v128 {
  const w = normalQuantile(u);
  const root = f32x4.sqrt(mean);
  const square = f32x4.mul(w, w);
  const more = f32x4.add(square, f32x4.splat(2));
  let count = f32x4.add(mean, f32x4.mul(root, w));
  count = f32x4.add(count, f32x4.div(more, f32x4.splat(6)));
  count = f32x4.sub(count, f32x4.div(f32x4.mul(w, more), f32x4.mul(f32x4.splat(72), root)));
  let last = f32x4.add(f32x4.mul(f32x4.splat(3), square), f32x4.splat(7));
  last = f32x4.sub(f32x4.mul(last, square), f32x4.splat(16));
  count = f32x4.add(count, f32x4.div(last, f32x4.mul(f32x4.splat(810), mean)));
  return f32x4.max(f32x4.splat(0), f32x4.floor(count));
}

/**
 * Adds the probabilities of 0, 1, 2, ... up to u. A lane that has reached it keeps its count; its other numbers go on with those of
 * the others, and no longer matter.
 */
function countedUp(mean: v128, u: v128): v128 {
  const one = f32x4.splat(1);
  let going = i32x4.splat(-1);
  let count = f32x4.splat(0);
  let share = exp4(f32x4.neg(mean));
  let below = share;
  for (let k = 1; k < 64; k++) {
    const tiny = f32x4.lt(share, f32x4.splat(1.0 / 67108864.0));
    const past = f32x4.gt(f32x4.splat(<f32>(k - 1)), mean);
    going = v128.andnot(going, v128.or(f32x4.le(u, below), v128.and(tiny, past)));
    if (!v128.any_true(going)) break;
    count = f32x4.add(count, v128.and(going, one));
    share = f32x4.mul(share, f32x4.div(mean, f32x4.splat(<f32>k)));
    below = f32x4.add(below, share);
  }
  return count;
}
