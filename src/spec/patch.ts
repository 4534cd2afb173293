import { checkInteger } from "./checks.ts";

/** Random square patches of pictures, instead of whole images. */
export interface PatchSpec {
  /** Pixels along a side. */
  readonly side: number;
  /** Patches an epoch trains on, drawn anew every epoch. */
  readonly count: number;
  /** Patches the validation looks at, always the same. */
  readonly validation: number;
  /** Whether a patch is also flipped and turned, in one of the square's eight ways. */
  readonly flips: boolean;
}

export const defaultPatches: PatchSpec = { side: 17, count: 65_536, validation: 4096, flips: true };

export const patchLimits = { side: 256, count: 1 << 24 } as const;

/** Throws an InputError when a setting is out of range. */
export function checkPatches({ side, count, validation }: PatchSpec): void {
  checkInteger("The side of a patch", side, 1, patchLimits.side);
  checkInteger("The number of patches an epoch", count, 1, patchLimits.count);
  checkInteger("The number of patches to validate on", validation, 1, patchLimits.count);
}
