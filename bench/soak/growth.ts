import { mean } from "./mean.ts";

/** One number that was looked at again and again in the course of a run. */
export interface Watched {
  readonly what: string;
  /** In the order of time. */
  readonly values: readonly number[];
  /** How far the mean of the last fifth may lie above that of the second, in the values' unit. */
  readonly mayGrow: number;
  /** What a fifth comes to where that is not its mean. */
  readonly of?: (values: readonly number[]) => number;
}

/**
 * A sentence if a number grew. The first fifth is left out, in which code is compiled and pools are filled.
 */
export function growth({ what, values, mayGrow, of = mean }: Watched): string | undefined {
  const fifth = Math.max(1, Math.floor(values.length / 5));
  const [early, late] = [values.slice(fifth, 2 * fifth), values.slice(-fifth)].map(of);
  if (early === undefined || late === undefined || late - early <= mayGrow) return undefined;
  return `${what} grew from ${early.toFixed(1)} to ${late.toFixed(1)}, by more than ${mayGrow}.`;
}
