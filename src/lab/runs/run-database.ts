import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { TrainingSpec } from "../../spec/training.ts";
import type { KeptModel, KeptRun } from "./run-record.ts";

/** The version of the database; each makes what the one before it lacks, so that nothing kept is lost. */
const version = 2;

/** [epochs, 5]: an array is stored many times faster than as many objects. */
export type PackedEpochs = Float64Array<ArrayBuffer>;

export interface StoredRun extends Omit<KeptRun, "epochs" | "spec"> {
  readonly epochs: PackedEpochs;
  /** With hidden layers as JSON has them, which pages of every version read. */
  readonly spec: Omit<TrainingSpec, "hidden"> & { readonly hidden: (number | string)[] };
}

/** Where a run's checkpoints lie, written in turn: the one before is whole whatever befalls the one that is written. */
export const slots = ["a", "b"] as const;
export type Slot = (typeof slots)[number];

/** The newest checkpoint of a run, and where the run stands in it. */
export interface SavedPlace {
  /** The run's id. */
  readonly run: string;
  readonly slot: Slot;
  /** As the checkpoint has it: the largest is the newest. */
  readonly number: number;
  /** Epochs that are done, and steps of the one under way. */
  readonly epoch: number;
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** What the database holds, by the runs' ids. What else belongs to runs gets stores of its own in versions to come. */
export interface Stores extends DBSchema {
  runs: { key: string; value: StoredRun };
  /** Apart from the runs, which are all read as the page opens. */
  models: { key: string; value: KeptModel };
  /** Files of src/formats/checkpoint.ts. */
  checkpoints: { key: [run: string, slot: Slot]; value: Uint8Array<ArrayBuffer> };
  /** Of the runs that can be gone on with; apart from the checkpoints, which are large. */
  places: { key: string; value: SavedPlace };
}

export type RunDatabase = IDBPDatabase<Stores>;

/** Opens the database in the browser's storage; rejects where there is none. `onClose` hears that it was closed from outside. */
export async function openRunDatabase(name = "unsnow", onClose = () => {}): Promise<RunDatabase> {
  return openDB<Stores>(name, version, {
    upgrade(opened, old) {
      if (old < 1) {
        opened.createObjectStore("runs");
        opened.createObjectStore("models");
      }
      if (old < 2) {
        opened.createObjectStore("checkpoints");
        opened.createObjectStore("places");
      }
    },
    // A newer page in another tab waits for this one to let go.
    blocking: (_current, _blocked, event) => {
      (event.target as IDBDatabase).close();
      onClose();
    },
    terminated: onClose,
  });
}
