/** The distribution of a number in a range: scale * base^exponent, where base is uniform in [from, to]. */
export interface PowerLaw {
  readonly scale: number;
  readonly from: number;
  readonly to: number;
  /** 0 means scale * 2^base. */
  readonly exponent: number;
}

/**
 * A distribution between `low` and `high` with density proportional to x^power, drawn by the inverse of the
 * distribution function (Devroye, "Non-Uniform Random Variate Generation", 1986, II.2): with n = power + 1,
 *
 *   x = (low^n + u (high^n - low^n))^(1 / n),    and    x = low (high / low)^u    for n = 0.
 *
 * The larger of low^n and high^n is factored out as the scale, so that nothing overflows; `low` must be above
 * 0 unless n is.
 */
export function powerLaw(low: number, high: number, power: number): PowerLaw {
  if (power === 0 || low === high) return { scale: 1, from: low, to: high, exponent: 1 };
  const n = power + 1;
  if (n === 0) return { scale: low, from: 0, to: Math.log2(high / low), exponent: 0 };
  if (n > 0) return { scale: high, from: (low / high) ** n, to: 1, exponent: 1 / n };
  return { scale: low, from: 1, to: (high / low) ** n, exponent: 1 / n };
}

/** The quantile of the law's distribution for `share`. The reference for `settingOf` in shaders/lib/noise.wgsl. */
export function drawnBy({ scale, from, to, exponent }: PowerLaw, share: number): number {
  const base = from + (to - from) * share;
  return scale * (exponent === 0 ? 2 ** base : base ** exponent);
}
