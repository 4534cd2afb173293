import { normalQuantile } from "./normal.ts";

/**
 * The quantile of the Poisson distribution for probability u in (0, 1) and a mean of 0 or more: a uniform u
 * gives counts with that distribution (inversion). The reference for shaders/lib/poisson.wgsl.
 *
 * Below a mean of 10, the probabilities are summed. From 10 on, it uses the Cornish-Fisher expansion of the
 * quantile (1938), with three terms after the normal one, as in Giles, "Algorithm 955" (2016). The error in a
 * count's cumulative probability is at most 5e-5 at a mean of 10, 5e-6 at 30, 4e-7 at 100.
 */
export function poissonQuantile(mean: number, u: number): number {
  if (mean < 10) return countedUp(mean, u);
  const w = normalQuantile(u);
  const root = Math.sqrt(mean);
  const count =
    mean +
    root * w +
    (w ** 2 + 2) / 6 -
    (w * (w ** 2 + 2)) / (72 * root) +
    ((3 * w ** 2 + 7) * w ** 2 - 16) / (810 * mean);
  return Math.max(0, Math.floor(count));
}

/** Sums the probabilities of 0, 1, 2, ... up to u, until further terms are negligible. */
function countedUp(mean: number, u: number): number {
  let count = 0;
  let share = Math.exp(-mean);
  let below = share;
  while (u > below && (share >= 2 ** -26 || count <= mean)) {
    count += 1;
    share *= mean / count;
    below += share;
  }
  return count;
}
