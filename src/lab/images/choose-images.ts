import type { ImagesSummary } from "./summary.ts";

/** Pictures shown at a time. */
const shownCount = 10;

/**
 * Numbers of validation images drawn at random among those with one of the `wanted` labels, or among all if none is wanted;
 * by label, and else by number.
 */
export function chooseImages(
  { validationImages, labels }: Pick<ImagesSummary, "validationImages" | "labels">,
  wanted: ReadonlySet<number>,
  random: () => number = Math.random,
): number[] {
  if (!labels || wanted.size === 0) return byLabel(draw(validationImages, random), labels);
  const candidates: number[] = [];
  labels.forEach((label, image) => {
    if (wanted.has(label)) candidates.push(image);
  });
  const chosen = draw(candidates.length, random).map((place) => candidates[place] ?? 0);
  return byLabel(chosen, labels);
}

/** Different numbers below `count`, each as likely as any (Floyd's algorithm: Bentley, Programming Pearls, CACM 30.9, 1987). */
function draw(count: number, random: () => number): number[] {
  const drawn = new Set<number>();
  for (let most = Math.max(0, count - shownCount); most < count; most++) {
    const number = Math.floor(random() * (most + 1));
    drawn.add(drawn.has(number) ? most : number);
  }
  return [...drawn];
}

function byLabel(images: readonly number[], labels: Uint8Array | undefined): number[] {
  const labelOf = (image: number) => labels?.[image] ?? 0;
  return images.toSorted((a, b) => labelOf(a) - labelOf(b) || a - b);
}
