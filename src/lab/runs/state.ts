import { signal } from "@preact/signals";
import type { ShownRuns } from "./overlays.ts";
import type { KeptModel, KeptRun, ToldModel } from "./run-record.ts";
import type { SavedPlace } from "./run-storage.ts";

/** A deleted run, for as long as that can be undone. */
interface DeletedRun {
  readonly run: KeptRun;
  readonly model: KeptModel | undefined;
}

/** The state of the kept runs, a part of the page's store. */
export const runsState = {
  /** The newest first. */
  kept: signal<readonly KeptRun[]>([]),

  /** The kept run that is the page's own: what it trains goes there. */
  current: signal<string | undefined>(undefined),

  /** What the page's run is kept under once its first epoch is done; undefined until there is a run. */
  next: signal<string | undefined>(undefined),

  /** The checkpoint of the page's run that was stored last, and when by the page's clock, in milliseconds. */
  saved: signal<{ readonly place: SavedPlace; readonly at: number } | undefined>(undefined),

  /** Why the page's run could not be saved the last time: one sentence. */
  unsaved: signal<string | undefined>(undefined),

  /** The checkpoints that no other tab trains on from, by their runs' ids. */
  places: signal<ReadonlyMap<string, SavedPlace>>(new Map()),

  /** The run that is to be gone on with as soon as its images are there again. */
  wanted: signal<string | undefined>(undefined),

  /** The weights of the page's run as they were told last. */
  model: signal<ToldModel | undefined>(undefined),

  /** The runs that are in the charts beside the page's own. */
  shown: signal<ShownRuns>(new Map()),

  /** The run that was deleted last. */
  deleted: signal<DeletedRun | undefined>(undefined),

  /** What came of the last action: one sentence. */
  status: signal<string | undefined>(undefined),

  /** Why an action could not be done: one sentence. */
  fault: signal<string | undefined>(undefined),

  /** Why runs cannot be kept beyond this tab: one sentence. */
  storageFault: signal<string | undefined>(undefined),
};
