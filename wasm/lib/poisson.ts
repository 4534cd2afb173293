// Poisson-distributed counts by inversion.
// Twin: shaders/lib/poisson.wgsl.
import { exp4 } from "./math";
import { normalQuantile } from "./normal";

// The results of poissonQuantiles. Globals are per thread.
export let counts0: v128 = i32x4.splat(0);
export let counts1: v128 = i32x4.splat(0);

/**
 * The quantiles of the Poisson distribution for probabilities u in (0, 1) and means of 0 or more. The results are put into
 * counts0 and counts1. Two independent groups of four reduce the latency of the computation.
 */
export function poissonQuantiles(mean0: v128, mean1: v128, u0: v128, u1: v128): void {
  const few0 = f32x4.lt(mean0, f32x4.splat(10));
  const few1 = f32x4.lt(mean1, f32x4.splat(10));
  if (v128.any_true(v128.or(few0, few1))) countUp(v128.and(mean0, few0), v128.and(mean1, few1), u0, u1);
  if (i32x4.all_true(v128.and(few0, few1))) return;
  counts0 = v128.bitselect(counts0, expansion(mean0, u0), few0);
  counts1 = v128.bitselect(counts1, expansion(mean1, u1), few1);
}

/** The Cornish-Fisher expansion of the quantile, with three terms after the normal one. */
// @ts-ignore: decorator
@inline
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
 * Sums the probabilities of 0, 1, 2, ... up to u. A lane that has reached u keeps its count; its other numbers continue
 * with the other lanes and are no longer used.
 */
// @ts-ignore: decorator
@inline
function countUp(mean0: v128, mean1: v128, u0: v128, u1: v128): void {
  const one = f32x4.splat(1);
  const least = f32x4.splat(1.0 / 67108864.0);
  let going0 = i32x4.splat(-1);
  let going1 = going0;
  let count0 = f32x4.splat(0);
  let count1 = count0;
  let share0 = exp4(f32x4.neg(mean0));
  let share1 = exp4(f32x4.neg(mean1));
  let below0 = share0;
  let below1 = share1;
  for (let k = 1; k < 64; k++) {
    const last = f32x4.splat(<f32>(k - 1));
    const next = f32x4.splat(<f32>k);
    const end0 = v128.and(f32x4.lt(share0, least), f32x4.gt(last, mean0));
    const end1 = v128.and(f32x4.lt(share1, least), f32x4.gt(last, mean1));
    going0 = v128.andnot(going0, v128.or(f32x4.le(u0, below0), end0));
    going1 = v128.andnot(going1, v128.or(f32x4.le(u1, below1), end1));
    if (!v128.any_true(v128.or(going0, going1))) break;
    count0 = f32x4.add(count0, v128.and(going0, one));
    count1 = f32x4.add(count1, v128.and(going1, one));
    share0 = f32x4.mul(share0, f32x4.div(mean0, next));
    share1 = f32x4.mul(share1, f32x4.div(mean1, next));
    below0 = f32x4.add(below0, share0);
    below1 = f32x4.add(below1, share1);
  }
  counts0 = count0;
  counts1 = count1;
}
