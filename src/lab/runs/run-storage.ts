import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { hiddenLayers, layersJson } from "../../spec/layer-text.ts";
import { defaultTraining, type TrainingSpec } from "../../spec/settings.ts";
import { type EpochRecord, epochColumns } from "../../training/history.ts";
import type { KeptModel, KeptRun } from "./run-record.ts";

/** The version of the database; an upgrade only adds missing stores, so that stored data is not lost. */
const version = 2;

/** [epochs, 5]: an array is stored many times faster than the same data as objects. */
type PackedEpochs = Float64Array<ArrayBuffer>;

interface StoredRun extends Omit<KeptRun, "epochs" | "spec"> {
  readonly epochs: PackedEpochs;
  /** The hidden layers are in their JSON form, which all versions of the page read. */
  readonly spec: Omit<TrainingSpec, "hidden"> & { readonly hidden: (number | string)[] };
}

/** The two slots of a run's checkpoints, written in turn: if a write fails, the previous checkpoint is intact. */
export const slots = ["a", "b"] as const;
export type Slot = (typeof slots)[number];

/** The newest checkpoint of a run, and the run's progress in it. */
export interface SavedPlace {
  /** The run's id. */
  readonly run: string;
  readonly slot: Slot;
  /** The checkpoint's number: the largest is the newest. */
  readonly number: number;
  /** The number of epochs done, and of steps done in the current one. */
  readonly epoch: number;
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** The database's stores, by the runs' ids. Later versions add stores for other data of runs. */
export interface Stores extends DBSchema {
  runs: { key: string; value: StoredRun };
  /** Separate from the runs, because those are all read when the page opens. */
  models: { key: string; value: KeptModel };
  /** Files in the format of src/formats/checkpoint.ts. */
  checkpoints: { key: [run: string, slot: Slot]; value: Uint8Array<ArrayBuffer> };
  /** The places of the runs that can be continued; separate from the checkpoints, which are large. */
  places: { key: string; value: SavedPlace };
}

export type RunDatabase = IDBPDatabase<Stores>;

/**
 * Opens the database in the browser's storage; rejects if there is none. `onClose` is called when the browser or
 * another tab closes it.
 */
async function openRunDatabase(name = "unsnow", onClose = () => {}): Promise<RunDatabase> {
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
    // A newer page in another tab waits until this connection is closed.
    blocking: (_current, _blocked, event) => {
      (event.target as IDBDatabase).close();
      onClose();
    },
    terminated: onClose,
  });
}

/** The names of errors when the database was closed: during the work, before it, and in Safari without an event. */
const cutOff: ReadonlySet<string> = new Set(["AbortError", "InvalidStateError", "UnknownError"]);

/**
 * The connection to the database. It is opened when it is first needed, and again if it was closed since, which browsers do when
 * they clear a page's storage or the page was in the background for a long time.
 */
export class RunConnection {
  readonly #name: string | undefined;
  #opening: Promise<RunDatabase> | undefined;

  constructor(name?: string) {
    this.#name = name;
  }

  /**
   * Does `work`, one transaction, with the database; again if the database was closed during it. Rejects if
   * the database cannot be opened, and tries again at the next call.
   */
  async use<T>(work: (database: RunDatabase) => Promise<T>): Promise<T> {
    const opening = this.#opening ?? this.#open();
    try {
      return await work(await opening);
    } catch (error) {
      if (!(error instanceof Error && cutOff.has(error.name))) throw error;
      this.#forget(opening);
      void opening.then(
        (database) => database.close(),
        () => {},
      );
      return work(await (this.#opening ?? this.#open()));
    }
  }

  #open(): Promise<RunDatabase> {
    const opening = openRunDatabase(this.#name, () => this.#forget(opening));
    opening.catch(() => this.#forget(opening));
    this.#opening = opening;
    return opening;
  }

  #forget(opening: Promise<RunDatabase>): void {
    if (this.#opening === opening) this.#opening = undefined;
  }
}

/**
 * The kept runs in the browser's storage. Every method is one transaction, so that tabs do not overwrite each other's
 * changes, and rejects if nothing can be stored.
 */
export class RunStorage {
  readonly #connection: RunConnection;

  constructor(connection = new RunConnection()) {
    this.#connection = connection;
  }

  runs(): Promise<KeptRun[]> {
    return this.#connection.use(async (database) => (await database.getAll("runs")).map(unpack));
  }

  run(id: string): Promise<KeptRun | undefined> {
    return this.#connection.use(async (database) => {
      const stored = await database.get("runs", id);
      return stored && unpack(stored);
    });
  }

  model(id: string): Promise<KeptModel | undefined> {
    return this.#connection.use((database) => database.get("models", id));
  }

  add(run: KeptRun, model?: KeptModel): Promise<void> {
    return this.#connection.use(async (database) => {
      const transaction = database.transaction(["runs", "models"], "readwrite");
      await Promise.all([
        transaction.objectStore("runs").put(pack(run), run.id),
        ...(model ? [transaction.objectStore("models").put(model, run.id)] : []),
        transaction.done,
      ]);
    });
  }

  /** Changes a stored run; a run that was deleted meanwhile stays deleted. */
  change(id: string, change: (run: KeptRun) => KeptRun): Promise<void> {
    return this.#connection.use(async (database) => {
      const { store, done } = database.transaction("runs", "readwrite");
      const changed = store.get(id).then((stored) => stored && store.put(pack(change(unpack(stored))), id));
      await Promise.all([changed, done]);
    });
  }

  /** Stores the weights of a stored run. */
  setModel(id: string, model: KeptModel): Promise<void> {
    return this.#connection.use(async (database) => {
      const transaction = database.transaction(["runs", "models"], "readwrite");
      const models = transaction.objectStore("models");
      const there = transaction.objectStore("runs").count(id);
      const put = there.then((count) => (count > 0 ? models.put(model, id) : undefined));
      await Promise.all([put, transaction.done]);
    });
  }

  /** Deletes a run except for its checkpoints, because the deletion can be undone. */
  remove(id: string): Promise<void> {
    return this.#connection.use(async (database) => {
      const transaction = database.transaction(["runs", "models"], "readwrite");
      await Promise.all([
        transaction.objectStore("runs").delete(id),
        transaction.objectStore("models").delete(id),
        transaction.done,
      ]);
    });
  }
}

function pack(run: KeptRun): StoredRun {
  const epochs = new Float64Array(run.epochs.length * epochColumns.length);
  run.epochs.forEach((record, row) => {
    epochColumns.forEach((column, place) => {
      epochs[row * epochColumns.length + place] = record[column];
    });
  });
  return { ...run, spec: { ...run.spec, hidden: layersJson(run.spec.hidden) }, epochs };
}

function unpack(stored: StoredRun): KeptRun {
  const { epochs } = stored;
  const records = Array.from({ length: epochs.length / epochColumns.length }, (_, row): EpochRecord => {
    const at = row * epochColumns.length;
    const [epoch = 0, loss = 0, valLoss = 0, valPsnr = 0, seconds = 0] = epochs.subarray(
      at,
      at + epochColumns.length,
    );
    return { epoch, loss, valLoss, valPsnr, seconds };
  });
  // An earlier version of the page had fewer settings; its runs had what are now the defaults of the others.
  const spec = { ...defaultTraining, ...stored.spec, hidden: hiddenLayers(stored.spec.hidden) };
  return { ...stored, spec, epochs: records };
}
