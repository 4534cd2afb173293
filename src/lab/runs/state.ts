import { batch, computed, signal } from "@preact/signals";
import { keptRunId, runId } from "../run/state.ts";
import type { KeptModel, KeptRun, ToldModel } from "./run-record.ts";
import type { SavedPlace } from "./run-storage.ts";

/** A kept run in the charts beside the page's run. */
export interface Overlay {
  readonly run: KeptRun;
  /** A custom property's name. */
  readonly color: string;
  /** Lengths of dashes and gaps, in CSS pixels. */
  readonly dash: readonly number[];
}

/** Colours that can be distinguished with any eyesight (shared/base.css). */
const colors = ["--run-1", "--run-2", "--run-3", "--run-4", "--run-5"] as const;

/** Four patterns and five colours: twenty different curves. */
const dashes = [
  [9, 4],
  [3, 3],
  [12, 3, 3, 3],
  [6, 3],
] as const;

/** The places of the runs that are shown, by id. A run keeps its place, and so its appearance, when others are added or removed. */
type ShownRuns = ReadonlyMap<string, number>;

/** `shown` with a run added at the first free place, or removed. */
export function toggled(shown: ShownRuns, id: string): ShownRuns {
  const others = new Map(shown);
  if (others.delete(id)) return others;
  const taken = new Set(others.values());
  let place = 0;
  while (taken.has(place)) place++;
  return others.set(id, place);
}

/** The runs that are shown, without the page's own, which is always in the charts. */
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

/** A kept run that can be continued, and the place from which. */
export interface ContinuableRun {
  readonly run: KeptRun;
  readonly place: SavedPlace;
}

/** The kept runs with a checkpoint, the newest checkpoint first, without the page's own. */
function continuable(
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

/** "epoch 8", "epoch 8, step 12": from where a run continues. */
export function nextPlace({ epoch, step }: Pick<SavedPlace, "epoch" | "step">): string {
  return step > 0 ? `epoch ${epoch + 1}, step ${step + 1}` : `epoch ${epoch + 1}`;
}

/** A deleted run, as long as the deletion can be undone. */
interface DeletedRun {
  readonly run: KeptRun;
  readonly model: KeptModel | undefined;
}

/** The state of the kept runs. */
export const runsState = {
  /** The newest first. */
  kept: signal<readonly KeptRun[]>([]),

  /** The latest checkpoint of the page's run, and its time on the page's clock, in milliseconds. */
  saved: signal<{ readonly place: SavedPlace; readonly at: number } | undefined>(undefined),

  /** Why the last attempt to save the page's run failed: one sentence. */
  unsaved: signal<string | undefined>(undefined),

  /** The checkpoints of runs that no other tab trains, by the runs' ids. */
  places: signal<ReadonlyMap<string, SavedPlace>>(new Map()),

  /** The run to continue as soon as its images are chosen again. */
  wanted: signal<string | undefined>(undefined),

  /** The run that is being continued, and its Worker. If Continue is pressed twice, the run is continued once. */
  continuing: signal<{ readonly run: string; readonly worker: unknown } | undefined>(undefined),

  /** The latest weights of the page's run that the Worker sent. */
  model: signal<ToldModel | undefined>(undefined),

  /** The runs that are in the charts beside the page's own. */
  shown: signal<ShownRuns>(new Map()),

  /** The run that was deleted last. */
  deleted: signal<DeletedRun | undefined>(undefined),

  /** What the last action did: one sentence. */
  status: signal<string | undefined>(undefined),

  /** Why an action failed: one sentence. */
  fault: signal<string | undefined>(undefined),

  /** Why runs cannot be stored, so that they are lost with this tab: one sentence. */
  storageFault: signal<string | undefined>(undefined),
};

/** The kept runs that the charts show beside the page's own. */
export const overlays = computed(() => {
  const { kept, shown } = runsState;
  return overlaysOf(kept.value, shown.value, keptRunId.value);
});

/** The runs that can replace the page's own and be continued, the newest first. */
export const continuableRuns = computed(() => {
  const { kept, places } = runsState;
  return continuable(kept.value, places.value, keptRunId.value);
});

/** Sets the sentence about the last action. */
export function setStatus(status: string | undefined): void {
  runsState.status.value = status;
}

/** Stores the latest weights of the page's run. */
export function takeModel(model: ToldModel): void {
  runsState.model.value = model;
}

/** Records that a checkpoint was stored. If the page has replaced the run since, the run can be continued later. */
export function takeSaved(place: SavedPlace): void {
  batch(() => {
    runsState.places.value = new Map(runsState.places.value).set(place.run, place);
    if (place.run !== runId.value) return;
    runsState.saved.value = { place, at: performance.now() };
    runsState.unsaved.value = undefined;
  });
}

/** Records that a checkpoint could not be stored. This does not matter for a run that the user has deleted. */
export function takeUnsaved(run: string, fault: string, gone: boolean): void {
  if (run !== runId.value || !runsState.kept.value.some(({ id }) => id === run)) return;
  batch(() => {
    runsState.unsaved.value = fault;
    if (gone) runsState.saved.value = undefined;
  });
}
