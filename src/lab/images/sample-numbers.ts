import type { ImagesSummary } from "./summary.ts";

/** Validation images that are scored at most, and what they may come to in pixels. */
const most = { images: 100, pixels: 2 ** 18 } as const;

/** The numbers of the validation images that network and filters are scored on: the first, fewer of large ones. */
export function sampleNumbers({
  rows,
  columns,
  validationImages,
}: Pick<ImagesSummary, "rows" | "columns" | "validationImages">): number[] {
  const affordable = Math.max(1, Math.floor(most.pixels / (rows * columns)));
  return Array.from({ length: Math.min(most.images, affordable, validationImages) }, (_, image) => image);
}
