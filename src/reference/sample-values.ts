/** The samples that are black and white in `corrupt_batch` and `corrupt_patches`. */
export interface BlackAndWhite {
  readonly low: number;
  readonly high: number;
}

export const blackAndWhiteBytes: BlackAndWhite = { low: 0, high: 255 };

/** A sample as a number, 0 for black and 1 for white. */
export function sampleValue(sample: number, { low, high }: BlackAndWhite): number {
  return (sample - low) / (high - low);
}
