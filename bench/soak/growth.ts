import { mean } from "./mean.ts";

/** A number that was sampled repeatedly during a run. */
export interface Watched {
  readonly what: string;
  /** In chronological order. */
  readonly values: readonly number[];
  /** The maximum increase of the mean from the second to the last fifth, in the values' unit. */
  readonly mayGrow: number;
  /** The statistic of a fifth, if it is not the mean. */
  readonly of?: (values: readonly number[]) => number;
}

/** A sentence if a number grew. The first fifth is ignored, because code is compiled and pools are filled in it. */
export function growth({ what, values, mayGrow, of = mean }: Watched): string | undefined {
  const fifth = Math.max(1, Math.floor(values.length / 5));
  const [early, late] = [values.slice(fifth, 2 * fifth), values.slice(-fifth)].map(of);
  if (early === undefined || late === undefined || late - early <= mayGrow) return undefined;
  return `${what} grew from ${early.toFixed(1)} to ${late.toFixed(1)}, by more than ${mayGrow}.`;
}
