import type { IDBPTransaction } from "idb";
import { type ParsedCheckpoint, parseCheckpoint } from "../../formats/checkpoint.ts";
import { InputError } from "../../spec/input-error.ts";
import { RunConnection, type SavedPlace, type Slot, type Stores, slots } from "./run-storage.ts";

/** A checkpoint's file, and its slot. */
interface StoredCheckpoint {
  readonly slot: Slot;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The stores that a checkpoint's transactions use. */
const stores: ("runs" | "checkpoints" | "places")[] = ["runs", "checkpoints", "places"];

type Writing = IDBPTransaction<Stores, typeof stores, "readwrite">;

/**
 * The checkpoints of unfinished runs in the browser's storage, two per run. Every method is one transaction: it writes
 * everything or nothing. It rejects if nothing can be stored.
 */
export class CheckpointStorage {
  readonly #connection: RunConnection;

  constructor(connection = new RunConnection()) {
    this.#connection = connection;
  }

  /** The places of the runs that can be continued. */
  places(): Promise<SavedPlace[]> {
    return this.#connection.use((database) => database.getAll("places"));
  }

  place(run: string): Promise<SavedPlace | undefined> {
    return this.#connection.use((database) => database.get("places", run));
  }

  /** Whether the run itself is kept. */
  hasRun(run: string): Promise<boolean> {
    return this.#connection.use(async (database) => (await database.count("runs", run)) > 0);
  }

  /** The stored checkpoints of a run, intact or not. */
  checkpoints(run: string): Promise<StoredCheckpoint[]> {
    return this.#connection.use(async (database) => {
      const { store } = database.transaction("checkpoints");
      const found = await Promise.all(
        slots.map(async (slot) => ({ slot, bytes: await store.get([run, slot]) })),
      );
      return found.flatMap(({ slot, bytes }) => (bytes ? [{ slot, bytes }] : []));
    });
  }

  /**
   * Stores a checkpoint in place of the older one of its run, and records that it is the newest; it is on the disk when this
   * resolves. Undefined, and nothing is stored, if the run is not kept or was deleted.
   */
  save(place: Omit<SavedPlace, "slot">, bytes: Uint8Array<ArrayBuffer>): Promise<SavedPlace | undefined> {
    return this.#connection.use(async (database) => {
      const transaction = database.transaction(stores, "readwrite", { durability: "strict" });
      const { done } = transaction;
      // It is awaited below; until then a failure must not count as an unhandled rejection.
      done.catch(() => {});
      try {
        const saved = await write(transaction, place, bytes);
        await done;
        return saved;
      } catch (error) {
        await abort(transaction);
        throw error;
      }
    });
  }

  /** Deletes runs' checkpoints. */
  remove(...runs: readonly string[]): Promise<void> {
    return this.#connection.use(async (database) => {
      const transaction = database.transaction(["checkpoints", "places"], "readwrite");
      await Promise.all([
        ...runs.flatMap((run) => [
          transaction.objectStore("places").delete(run),
          ...slots.map((slot) => transaction.objectStore("checkpoints").delete([run, slot])),
        ]),
        transaction.done,
      ]);
    });
  }

  /** Deletes the checkpoints of runs that are no longer kept, and all but those of the latest few runs; never those of runs `inUse`. */
  async tidy(most: number, inUse: ReadonlySet<string>): Promise<void> {
    const runs = await this.#connection.use((database) => database.getAllKeys("runs"));
    const places = await this.places();
    const kept = new Set(runs);
    const latest = places
      .filter(({ run }) => kept.has(run))
      .sort((a, b) => b.time - a.time)
      .slice(0, most);
    const stay = new Set([...latest.map(({ run }) => run), ...inUse]);
    const gone = places.filter(({ run }) => !stay.has(run));
    if (gone.length > 0) await this.remove(...gone.map(({ run }) => run));
  }
}

async function write(
  transaction: Writing,
  place: Omit<SavedPlace, "slot">,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<SavedPlace | undefined> {
  const places = transaction.objectStore("places");
  if ((await transaction.objectStore("runs").count(place.run)) === 0) return undefined;
  const newest = (await places.get(place.run))?.slot;
  const slot = slots.find((other) => other !== newest) ?? slots[0];
  const saved = { ...place, slot };
  await transaction.objectStore("checkpoints").put(bytes, [place.run, slot]);
  await places.put(saved, place.run);
  return saved;
}

/** Undoes the writes of a transaction, which would otherwise be kept if a call throws synchronously. */
async function abort(transaction: Writing): Promise<void> {
  try {
    transaction.abort();
  } catch {
    // It has already ended.
  }
  await transaction.done.catch(() => {});
}

/** The newest intact checkpoint of a run, and a sentence about each damaged one. */
interface FoundCheckpoint {
  readonly checkpoint: ParsedCheckpoint;
  readonly faults: readonly string[];
}

/** Finds the newest intact checkpoint of the run called `name`; throws an InputError that says why there is none. */
export function newestCheckpoint(stored: readonly StoredCheckpoint[], name: string): FoundCheckpoint {
  const whole: ParsedCheckpoint[] = [];
  const faults: string[] = [];
  for (const { slot, bytes } of stored) {
    try {
      whole.push(parseCheckpoint(bytes, `Checkpoint ${slot} of ${name}`));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faults.push(error.message);
    }
  }
  const [checkpoint] = whole.sort((a, b) => b.number - a.number);
  if (checkpoint) return { checkpoint, faults };
  throw new InputError(faults[0] ?? `${name} cannot be continued: nothing of it is saved.`);
}

/** Attempts to take a lock that another tab may soon release, for example when it is reloaded, and milliseconds between them. */
const tries = { count: 10, pause: 100 } as const;

/** The part of the Web Locks API that is used (w3.org/TR/web-locks). */
export type Locks = Pick<LockManager, "request" | "query">;

/** The lock of a run: only this tab saves the run until the lock is released. */
export interface RunLock {
  release(): void;
}

const prefix = "unsnow run ";

/** Takes the lock of a run; undefined if another tab holds it. In a browser without locks every tab gets one. */
export async function lockRun(id: string, locks = browserLocks()): Promise<RunLock | undefined> {
  if (!locks) return { release: () => {} };
  for (let attempt = 1; ; attempt++) {
    const lock = await takeIfFree(locks, prefix + id);
    if (lock || attempt === tries.count) return lock;
    await new Promise((resolve) => setTimeout(resolve, tries.pause));
  }
}

/** The runs whose locks any tab holds now. */
export async function lockedRuns(locks = browserLocks()): Promise<Set<string>> {
  const { held = [] } = (await locks?.query()) ?? {};
  return new Set(held.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : [])));
}

/** Resolves when no tab holds the run's lock. */
export async function whenRunIsFree(id: string, locks = browserLocks()): Promise<void> {
  await locks?.request(prefix + id, { mode: "shared" }, () => {});
}

function takeIfFree(locks: Locks, name: string): Promise<RunLock | undefined> {
  return new Promise((resolve, reject) => {
    const held = locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(undefined);
      return new Promise<void>((release) => resolve({ release }));
    });
    held.catch(reject);
  });
}

/** The browser's locks, which are available only in pages from https or localhost. */
function browserLocks(): Locks | undefined {
  const { navigator } = globalThis as { readonly navigator?: { readonly locks?: LockManager } };
  return navigator?.locks;
}
