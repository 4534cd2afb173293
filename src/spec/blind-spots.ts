import { InputError } from "./input-error.ts";
import { quote } from "./quote.ts";

/**
 * The pixels that are hidden together around a blind spot, which is in their middle: both sides are odd. 1 x 1 hides the spot
 * alone; 5 x 1 also hides two pixels to its left and two to its right, for noise that is correlated along rows (StructN2V, Broaddus
 * et al. 2020, "Removing structured noise with self-supervised blind-spot networks").
 */
export interface SpotMask {
  /** Pixels across, 1 to 31, an odd number. */
  readonly columns: number;
  /** Pixels down, 1 to 31, an odd number. */
  readonly rows: number;
}

/** Hides the blind spot alone: for noise that is independent from pixel to pixel. */
export const spotAlone: SpotMask = { columns: 1, rows: 1 };

/**
 * How a model's results are mixed with noisy pictures unless another way is chosen: "auto" if it learned from blind spots. With a mask
 * the noise is correlated, and the estimate of the error does not hold.
 */
export function usualBlend(
  training: { readonly selfSupervised?: boolean; readonly mask?: SpotMask } | undefined,
): "auto" | 1 {
  const { selfSupervised = false, mask = spotAlone } = training ?? {};
  return selfSupervised && mask.columns * mask.rows === 1 ? "auto" : 1;
}

/** The largest side of a mask, in pixels. */
export const largestMask = 31;

/** A hidden pixel gets the value of another one at most so many rows and columns outside the mask. */
export const reachOutside = 2;

/** The sides of the cells of an image, each with one blind spot, in pixels: about 2 % of the pixels. */
const cellSide = 7;

/**
 * The cells of an image, each with one blind spot: about 7 x 7 pixels, so that they cover it. They grow with the mask,
 * so that most pixels are not hidden.
 */
export function spotCells(
  [rows, columns]: readonly [rows: number, columns: number],
  mask: SpotMask,
): { readonly down: number; readonly across: number } {
  const cells = (side: number, hidden: number) =>
    Math.max(1, Math.round(side / Math.max(cellSide, hidden + 2 * reachOutside)));
  return { down: cells(rows, mask.rows), across: cells(columns, mask.columns) };
}

/** The weight of a value that counts, so that the mean over all values of an image is that over the counted ones. */
export function countedWeight(image: readonly [rows: number, columns: number], mask: SpotMask): number {
  const { down, across } = spotCells(image, mask);
  return (image[0] * image[1]) / (down * across);
}

/** Parses "5x1", the columns and rows of a mask, without checking the range; throws an InputError. */
export function parseMask(text: string): SpotMask {
  const [, columns, rows] = /^\s*(\d{1,4})\s*[x×]\s*(\d{1,4})\s*$/.exec(text) ?? [];
  if (columns === undefined || rows === undefined) {
    throw new InputError(`The mask must be columns x rows, as 5x1, but ${quote(text)} is given.`);
  }
  return { columns: Number(columns), rows: Number(rows) };
}

export function formatMask({ columns, rows }: SpotMask): string {
  return `${columns}x${rows}`;
}

/** Throws an InputError unless both sides are odd and in range. */
export function checkMask({ columns, rows }: SpotMask): void {
  for (const side of [columns, rows]) {
    if (side % 2 === 1 && side >= 1 && side <= largestMask) continue;
    throw new InputError(
      `The sides of the mask must be odd numbers from 1 to ${largestMask}, because the blind spot is in its middle, but it is ${formatMask({ columns, rows })}.`,
    );
  }
}

/** Throws an InputError when an image is too small for a mask and the pixels around it that replace hidden ones. */
export function checkMaskFits(
  { columns, rows }: SpotMask,
  image: readonly [rows: number, columns: number],
): void {
  const [fewestRows, fewestColumns] = [rows + 2 * reachOutside, columns + 2 * reachOutside];
  if (image[0] >= fewestRows && image[1] >= fewestColumns) return;
  throw new InputError(
    `A mask of ${formatMask({ columns, rows })} needs images of at least ${fewestColumns} x ${fewestRows} pixels, but these have ${image[1]} x ${image[0]}: lower the mask, or take larger patches.`,
  );
}
