import { Turns } from "../../training/turns.ts";
import { CheckpointStorage, lockedRuns, whenRunIsFree } from "./checkpoint-storage.ts";
import { type KeptModel, type KeptRun, newestFirst } from "./run-record.ts";
import { RunConnection, RunStorage } from "./run-storage.ts";
import { runsState } from "./state.ts";

/** The number of unfinished runs whose checkpoints are kept, the latest ones. */
const mostCheckpoints = 3;

/** The kept runs, in the browser's storage and in the page's state; it keeps both equal, also between tabs. */
class Shelf {
  /** Sends the ids of changed runs to the page's other tabs. */
  readonly #tabs = new BroadcastChannel("unsnow runs");

  /**
   * What could not be stored yet, by the runs' ids: deletions, runs, changes and weights. It is kept as long as the tab is open,
   * and is tried again in every turn.
   */
  readonly #unstored = {
    deletions: new Set<string>(),
    runs: new Set<string>(),
    changes: new Set<string>(),
    models: new Map<string, KeptModel>(),
  };

  readonly #storage: RunStorage;
  readonly #checkpoints: CheckpointStorage;
  readonly #turns = new Turns();

  /** Whether the stored runs were read. */
  #isRead = false;

  constructor(connection = new RunConnection()) {
    this.#storage = new RunStorage(connection);
    this.#checkpoints = new CheckpointStorage(connection);
  }

  /** Reads the stored runs, and follows changes by other tabs. */
  async open(): Promise<void> {
    await this.#inTurn(async () => {});
    this.#tabs.addEventListener(
      "message",
      ({ data: id }) => void this.#inTurn(() => this.#readAgain(String(id))),
    );
  }

  /** Adds a run, with its weights if they are known. */
  add(run: KeptRun, model?: KeptModel): Promise<void> {
    this.#unstored.deletions.delete(run.id);
    this.#unstored.runs.add(run.id);
    // Before the run is added, because newer weights may arrive right after.
    if (model) this.#unstored.models.set(run.id, model);
    runsState.kept.value = newestFirst([...runsState.kept.peek(), run]);
    return this.#inTurn(() => this.#tidyCheckpoints());
  }

  /** Deletes a run's checkpoints. */
  forgetCheckpoints(id: string): Promise<void> {
    this.#withoutPlace(id);
    return this.#inTurn(async () => this.#checkpoints.remove(id));
  }

  /** Deletes a finished run's checkpoints if its last weights are stored. */
  forgetFinished(id: string): Promise<void> {
    return this.#inTurn(async () => {
      const [run, model] = [await this.#storage.run(id), await this.#storage.model(id)];
      if (model === undefined || run === undefined || model.epoch < run.spec.epochs) return;
      this.#withoutPlace(id);
      await this.#checkpoints.remove(id);
    });
  }

  /** Changes a run; one that was deleted, here or in another tab, stays deleted. A `change` may be applied twice. */
  change(id: string, change: (run: KeptRun) => KeptRun): Promise<void> {
    runsState.kept.value = runsState.kept.peek().map((run) => (run.id === id ? change(run) : run));
    return this.#inTurn(async () => {
      try {
        await this.#storage.change(id, change);
      } catch (error) {
        this.#unstored.changes.add(id);
        throw error;
      }
      this.#tabs.postMessage(id);
    });
  }

  /** Stores a run's weights in place of the previous ones. */
  setModel(id: string, model: KeptModel): Promise<void> {
    this.#unstored.models.set(id, model);
    return this.#inTurn(async () => {});
  }

  /** The weights of a run; undefined if there are none yet. */
  async modelOf(id: string): Promise<KeptModel | undefined> {
    let stored: KeptModel | undefined;
    await this.#inTurn(async () => {
      stored = await this.#storage.model(id);
    });
    return this.#unstored.models.get(id) ?? stored;
  }

  /** Deletes a run; returns its weights. */
  async remove(run: KeptRun): Promise<KeptModel | undefined> {
    const model = await this.modelOf(run.id);
    runsState.kept.value = runsState.kept.peek().filter(({ id }) => id !== run.id);
    for (const part of Object.values(this.#unstored)) part.delete(run.id);
    this.#unstored.deletions.add(run.id);
    await this.#inTurn(async () => {});
    return model;
  }

  /** Offers to continue a run as soon as no other tab trains it. */
  async #offerWhenFree(id: string): Promise<void> {
    await whenRunIsFree(id);
    await this.#inTurn(async () => {
      const place = await this.#checkpoints.place(id);
      if (place) runsState.places.value = new Map(runsState.places.peek()).set(id, place);
    });
  }

  #withoutPlace(id: string): void {
    const others = new Map(runsState.places.peek());
    if (others.delete(id)) runsState.places.value = others;
  }

  /** Deletes old checkpoints. Those of the run that was deleted last stay, because the deletion can be undone. */
  async #tidyCheckpoints(): Promise<void> {
    const inUse = await lockedRuns();
    const deleted = runsState.deleted.peek();
    if (deleted) inUse.add(deleted.run.id);
    await this.#checkpoints.tidy(mostCheckpoints, inUse);
  }

  /** Reads a run that another tab changed, unless a change of this tab is still to be stored. */
  async #readAgain(id: string): Promise<void> {
    const run = await this.#storage.run(id);
    if (run && this.#unstored.changes.has(id)) return;
    const others = runsState.kept.peek().filter((other) => other.id !== id);
    runsState.kept.value = run ? newestFirst([...others, run]) : others;
  }

  /** Reads all stored runs. */
  async #read(): Promise<void> {
    const known = new Set([...runsState.kept.peek().map(({ id }) => id), ...this.#unstored.deletions]);
    const stored = (await this.#storage.runs()).filter(({ id }) => !known.has(id));
    runsState.kept.value = newestFirst([...runsState.kept.peek(), ...stored]);
    this.#isRead = true;
    await this.#tidyCheckpoints();
    for (const { run } of await this.#checkpoints.places()) void this.#offerWhenFree(run);
  }

  /** Stores what could not be stored before, in its current state: each item by itself, because one may fit where another does not. */
  async #catchUp(): Promise<void> {
    const faults: unknown[] = [];
    const attempt = (work: () => Promise<void>) => work().catch((error: unknown) => faults.push(error));
    for (const id of this.#unstored.deletions) await attempt(() => this.#storeDeletion(id));
    if (!this.#isRead) await attempt(() => this.#read());
    for (const id of this.#unstored.runs) await attempt(() => this.#storeRun(id));
    for (const id of this.#unstored.changes) await attempt(() => this.#storeChanges(id));
    for (const [id, model] of this.#unstored.models) {
      if (!this.#unstored.runs.has(id)) await attempt(() => this.#storeModel(id, model));
    }
    if (faults.length > 0) throw faults[0];
  }

  async #storeDeletion(id: string): Promise<void> {
    await this.#storage.remove(id);
    this.#unstored.deletions.delete(id);
    this.#tabs.postMessage(id);
  }

  async #storeRun(id: string): Promise<void> {
    const [run, model] = [this.#keptRun(id), this.#unstored.models.get(id)];
    if (run) await this.#storage.add(run, model);
    this.#unstored.runs.delete(id);
    this.#unstored.changes.delete(id);
    if (this.#unstored.models.get(id) === model) this.#unstored.models.delete(id);
    this.#tabs.postMessage(id);
  }

  async #storeChanges(id: string): Promise<void> {
    const run = this.#keptRun(id);
    if (run) await this.#storage.change(id, () => run);
    this.#unstored.changes.delete(id);
    this.#tabs.postMessage(id);
  }

  async #storeModel(id: string, model: KeptModel): Promise<void> {
    await this.#storage.setModel(id, model);
    if (this.#unstored.models.get(id) === model) this.#unstored.models.delete(id);
  }

  #keptRun(id: string): KeptRun | undefined {
    return runsState.kept.peek().find((run) => run.id === id);
  }

  /** Does `work` after all earlier work. If it fails, the page reports it, and the runs are kept as long as this tab is open. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    return this.#turns.take(async () => {
      const before = await faultOf(() => this.#catchUp());
      const fault = (await faultOf(work)) ?? before;
      const isAll = this.#isRead && Object.values(this.#unstored).every(({ size }) => size === 0);
      if (fault || isAll) runsState.storageFault.value = fault;
    });
  }
}

/** The kept runs of this tab. */
export const shelf = new Shelf();

/** The sentence of the error of `work`; undefined if it succeeded. */
async function faultOf(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    const full = error instanceof DOMException && error.name === "QuotaExceededError";
    return full
      ? "The browser's storage is full: runs that are not stored are lost when this tab is closed, so delete runs or export them."
      : "The browser stores nothing here, so runs are lost when this tab is closed: export those that you want to keep.";
  }
}
