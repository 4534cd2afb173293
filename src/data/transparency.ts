// A network sees a picture over white, as the page shows it: with alpha from 0 to 1, alpha value + (1 - alpha) white.

/** A value of a pixel of this alpha over white. */
export function overWhite(value: number, alpha: number, white = 1): number {
  return alpha === 1 ? value : white + (value - white) * alpha;
}

/** The value that gives `seen` over white, clipped to [0, 1]; alpha is above 0. */
export function fromOverWhite(seen: number, alpha: number): number {
  if (alpha === 1) return Math.min(Math.max(seen, 0), 1);
  return Math.min(Math.max(1 + (seen - 1) / alpha, 0), 1);
}
