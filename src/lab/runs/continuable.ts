import type { KeptRun } from "./run-record.ts";
import type { SavedPlace } from "./run-storage.ts";

/** A kept run that can be gone on with, and where. */
export interface ContinuableRun {
  readonly run: KeptRun;
  readonly place: SavedPlace;
}

/** The kept runs with a checkpoint, the newest checkpoint first; never the one that the page has. */
export function continuable(
  runs: readonly KeptRun[],
  places: ReadonlyMap<string, SavedPlace>,
  current: string | undefined,
): ContinuableRun[] {
  return runs
    .flatMap((run) => {
      const place = places.get(run.id);
      return place && run.id !== current ? [{ run, place }] : [];
    })
    .sort((a, b) => b.place.time - a.place.time);
}

/** "epoch 8", "epoch 8, step 12": where a run goes on that stands there. */
export function nextPlace({ epoch, step }: Pick<SavedPlace, "epoch" | "step">): string {
  return step > 0 ? `epoch ${epoch + 1}, step ${step + 1}` : `epoch ${epoch + 1}`;
}
