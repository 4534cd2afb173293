import { hiddenLayers, layersJson } from "../../spec/layers.ts";
import { defaultTraining } from "../../spec/training.ts";
import { type EpochRecord, epochColumns } from "../../training/history.ts";
import { RunConnection } from "./run-connection.ts";
import type { StoredRun } from "./run-database.ts";
import type { KeptModel, KeptRun } from "./run-record.ts";

/**
 * The kept runs in the browser's storage. Every method is one transaction, so that tabs do not get into each other's way, and
 * rejects where nothing can be stored.
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

  /** Changes a run that is there; one that was deleted meanwhile stays so. */
  change(id: string, change: (run: KeptRun) => KeptRun): Promise<void> {
    return this.#connection.use(async (database) => {
      const { store, done } = database.transaction("runs", "readwrite");
      const changed = store.get(id).then((stored) => stored && store.put(pack(change(unpack(stored))), id));
      await Promise.all([changed, done]);
    });
  }

  /** Keeps the weights of a run that is there. */
  setModel(id: string, model: KeptModel): Promise<void> {
    return this.#connection.use(async (database) => {
      const transaction = database.transaction(["runs", "models"], "readwrite");
      const models = transaction.objectStore("models");
      const there = transaction.objectStore("runs").count(id);
      const put = there.then((count) => (count > 0 ? models.put(model, id) : undefined));
      await Promise.all([put, transaction.done]);
    });
  }

  /** Takes a run away, all but its checkpoints, with which it can come back. */
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
  // A page of an earlier version had fewer settings: then there was only what is the default now.
  const spec = { ...defaultTraining, ...stored.spec, hidden: hiddenLayers(stored.spec.hidden) };
  return { ...stored, spec, epochs: records };
}
