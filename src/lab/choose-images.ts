import type { ValidationImages } from "./worker/training-service.ts";

/** Pictures shown at a time. */
export const shownCount = 10;

/** Numbers of images drawn at random among those with one of the `labels`, or among all if none is given; by label. */
export function chooseImages(
  { labels }: Pick<ValidationImages, "labels">,
  wanted: ReadonlySet<number>,
  random: () => number = Math.random,
): number[] {
  const labelOf = (image: number) => labels[image] ?? 0;
  const candidates = [...labels.keys()].filter((image) => wanted.size === 0 || wanted.has(labelOf(image)));
  const chosen: number[] = [];
  while (chosen.length < shownCount && candidates.length > 0) {
    chosen.push(...candidates.splice(Math.floor(random() * candidates.length), 1));
  }
  return chosen.sort((a, b) => labelOf(a) - labelOf(b));
}
