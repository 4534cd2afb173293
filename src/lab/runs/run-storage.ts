import { defaultTraining } from "../../spec/training.ts";
import type { EpochRecord } from "../../training/history.ts";
import { RunConnection } from "./run-connection.ts";
import type { RunDatabase, StoredRun } from "./run-database.ts";
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

  get #database(): Promise<RunDatabase> {
    return this.#connection.database();
  }

  async runs(): Promise<KeptRun[]> {
    return (await (await this.#database).getAll("runs")).map(unpack);
  }

  async run(id: string): Promise<KeptRun | undefined> {
    const stored = await (await this.#database).get("runs", id);
    return stored && unpack(stored);
  }

  async model(id: string): Promise<KeptModel | undefined> {
    return (await this.#database).get("models", id);
  }

  async add(run: KeptRun, model?: KeptModel): Promise<void> {
    const transaction = (await this.#database).transaction(["runs", "models"], "readwrite");
    await Promise.all([
      transaction.objectStore("runs").put(pack(run), run.id),
      ...(model ? [transaction.objectStore("models").put(model, run.id)] : []),
      transaction.done,
    ]);
  }

  /** Changes a run that is there; one that was deleted meanwhile stays so. */
  async change(id: string, change: (run: KeptRun) => KeptRun): Promise<void> {
    const transaction = (await this.#database).transaction("runs", "readwrite");
    const stored = await transaction.store.get(id);
    if (stored) await transaction.store.put(pack(change(unpack(stored))), id);
    await transaction.done;
  }

  /** Keeps the weights of a run that is there. */
  async setModel(id: string, model: KeptModel): Promise<void> {
    const transaction = (await this.#database).transaction(["runs", "models"], "readwrite");
    const there = await transaction.objectStore("runs").count(id);
    if (there > 0) await transaction.objectStore("models").put(model, id);
    await transaction.done;
  }

  /** Takes a run away, all but its checkpoints, with which it can come back. */
  async remove(id: string): Promise<void> {
    const transaction = (await this.#database).transaction(["runs", "models"], "readwrite");
    await Promise.all([
      transaction.objectStore("runs").delete(id),
      transaction.objectStore("models").delete(id),
      transaction.done,
    ]);
  }
}

const columns = [
  "epoch",
  "loss",
  "valLoss",
  "valPsnr",
  "seconds",
] as const satisfies readonly (keyof EpochRecord)[];

function pack(run: KeptRun): StoredRun {
  const epochs = new Float64Array(run.epochs.length * columns.length);
  run.epochs.forEach((record, row) => {
    columns.forEach((column, place) => {
      epochs[row * columns.length + place] = record[column];
    });
  });
  return { ...run, epochs };
}

function unpack(stored: StoredRun): KeptRun {
  const { epochs } = stored;
  const records = Array.from({ length: epochs.length / columns.length }, (_, row): EpochRecord => {
    const at = row * columns.length;
    const [epoch = 0, loss = 0, valLoss = 0, valPsnr = 0, seconds = 0] = epochs.subarray(
      at,
      at + columns.length,
    );
    return { epoch, loss, valLoss, valPsnr, seconds };
  });
  // A page of an earlier version had fewer settings: then there was only what is the default now.
  return { ...stored, spec: { ...defaultTraining, ...stored.spec }, epochs: records };
}
