/**
 * Places for labels beside lines, in the lines' order: as near to them as can be, but `gap` apart, and from `top` to `bottom`
 * where they all fit in there. `places` increase.
 */
export function spreadLabels(places: readonly number[], gap: number, top: number, bottom: number): number[] {
  const spread: number[] = [];
  for (const place of places) spread.push(Math.max(place, (spread.at(-1) ?? top - gap) + gap));
  let below = bottom + gap;
  for (let index = spread.length - 1; index >= 0; index--) {
    below = Math.min(spread[index] ?? below, below - gap);
    spread[index] = below;
  }
  return spread;
}
