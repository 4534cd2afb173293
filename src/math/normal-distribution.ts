/** Beyond this many standard deviations, either tail holds less than 1e-16. */
const farthest = 8.3;

/** The density of the standard normal distribution at z. */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/**
 * The probability that a standard normal number is below z, with an absolute error of 1e-15: 1/2 + density(z)
 * times the series z + z^3 / 3 + z^5 / (3 * 5) + ..., whose terms all have the same sign (Marsaglia 2004,
 * "Evaluating the normal distribution", Journal of Statistical Software 11).
 */
export function normalCumulative(z: number): number {
  if (z < -farthest) return 0;
  if (z > farthest) return 1;
  let term = z;
  let sum = z;
  for (let odd = 3, before = 0; sum !== before; odd += 2) {
    before = sum;
    term *= (z * z) / odd;
    sum += term;
  }
  return 0.5 + sum * normalDensity(z);
}
