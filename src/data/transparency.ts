// A network gets a picture over white, as the page shows it: with alpha from 0 to 1, alpha value + (1 - alpha) white.

/** A value of a pixel with this alpha over white. */
export function overWhite(value: number, alpha: number, white = 1): number {
  return alpha === 1 ? value : white + (value - white) * alpha;
}

/** The inverse of overWhite, clipped to [0, 1]; alpha is above 0. */
export function fromOverWhite(value: number, alpha: number): number {
  if (alpha === 1) return Math.min(Math.max(value, 0), 1);
  return Math.min(Math.max(1 + (value - 1) / alpha, 0), 1);
}
