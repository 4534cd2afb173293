import type { KeptRun } from "./run-record.ts";

/** A kept run in the charts beside the page's run. */
export interface Overlay {
  readonly run: KeptRun;
  /** A custom property's name. */
  readonly color: string;
  /** Lengths of dashes and gaps, in pixels of the page. */
  readonly dash: readonly number[];
}

/** Colours that are told apart with any eyesight (data-colors.css). */
const colors = ["--run-1", "--run-2", "--run-3", "--run-4", "--run-5"] as const;

/** Four of them to five colours: twenty curves before two look alike. */
const dashes = [
  [9, 4],
  [3, 3],
  [12, 3, 3, 3],
  [6, 3],
] as const;

/** The places of the runs that are shown, by their ids. A run keeps its place, and so its looks, while others come and go. */
export type ShownRuns = ReadonlyMap<string, number>;

/** `shown` with a run added at the first free place, or taken out. */
export function toggled(shown: ShownRuns, id: string): ShownRuns {
  const others = new Map(shown);
  if (others.delete(id)) return others;
  const taken = new Set(others.values());
  let place = 0;
  while (taken.has(place)) place++;
  return others.set(id, place);
}

/** The runs that are shown; never the one that the page has, which is in the charts anyway. */
export function overlaysOf(
  runs: readonly KeptRun[],
  shown: ShownRuns,
  current: string | undefined,
): Overlay[] {
  return runs.flatMap((run) => {
    const place = shown.get(run.id);
    if (place === undefined || run.id === current) return [];
    return [{ run, color: colors[place % colors.length] ?? "", dash: dashes[place % dashes.length] ?? [] }];
  });
}
