import { InputError } from "../spec/input-error.ts";

/** The numbers that an argument may hold; without ends, all that are finite. */
export interface ValueRange {
  readonly least: number;
  readonly most: number;
}

/** Values of clean images. */
export const cleanRange: ValueRange = { least: 0, most: 1 };

/**
 * Values of noisy images: noise that is not clipped exceeds [0, 1]. With a standard deviation of 2.5, fewer than one in a hundred
 * million values are outside this range; pictures of bytes from 0 to 255 have many.
 */
export const noisyRange: ValueRange = { least: -16, most: 16 };

/** Throws an InputError with the index of the first value that is not finite, or is outside the range; `name` is the argument. */
export function checkValues(values: ArrayLike<number>, name: string, range?: ValueRange): void {
  const least = range?.least ?? -Number.MAX_VALUE;
  const most = range?.most ?? Number.MAX_VALUE;
  // A plain loop: findIndex takes several times as long.
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN;
    if (value >= least && value <= most) continue;
    throw new InputError(
      `The numbers of ${name} must be ${wanted(range)}, but it holds ${value} at index ${index}.`,
    );
  }
}

function wanted(range: ValueRange | undefined): string {
  if (range === undefined) return "finite";
  if (range === cleanRange) return "from 0 to 1";
  return `from 0 to 1 (bytes / 255), or with noise from ${range.least} to ${range.most}`;
}
