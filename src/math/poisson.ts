import { normalQuantile } from "./normal.ts";

/**
 * The count that a Poisson-distributed number does not exceed with probability u in (0, 1), for a mean of 0 or more: a
 * uniform u makes counts of that distribution (inversion). The twin of shaders/lib/poisson.wgsl.
 *
 * Below a mean of 10 the probabilities are added up. From there on it is Cornish and Fisher's expansion of the quantile
 * (1938), three terms behind the normal one's, as in Giles, "Algorithm 955" (2016): each count's cumulative probability is
 * off by at most 5e-5 at a mean of 10, 5e-6 at 30, 4e-7 at 100.
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

/** Adds the probabilities of 0, 1, 2, ... up to u, until what follows is too small to matter. */
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
