import { Turns } from "../../training/turns.ts";
import { store } from "../store.ts";
import { CheckpointStorage } from "./checkpoint-storage.ts";
import { lockedRuns, whenRunIsFree } from "./run-lock.ts";
import { type KeptModel, type KeptRun, newestFirst } from "./run-record.ts";
import { RunConnection, RunStorage } from "./run-storage.ts";

const { runs } = store;

/** Tells the page's other tabs, by its id, of a run that was changed. */
const tabs = new BroadcastChannel("unsnow runs");

/**
 * What could not be stored, or not yet, by the runs' ids: whose deletion, which runs, whose changes and whose weights. It is
 * there for as long as the tab is, and tried again in every turn.
 */
const unstored = {
  deletions: new Set<string>(),
  runs: new Set<string>(),
  changes: new Set<string>(),
  models: new Map<string, KeptModel>(),
};

/** Unfinished runs whose checkpoints stay, the latest ones. */
const mostCheckpoints = 3;

const connection = new RunConnection();
const storage = new RunStorage(connection);
const checkpoints = new CheckpointStorage(connection);
const turns = new Turns();
/** Whether what is stored was read. */
let isRead = false;

/** Reads the runs that are kept in the browser, and follows what other tabs do to them. */
export async function openShelf(): Promise<void> {
  await inTurn(async () => {});
  tabs.addEventListener("message", ({ data: id }) => void inTurn(() => readAgain(String(id))));
}

/** Puts a run there, with its weights if they are known. */
export function addRun(run: KeptRun, model?: KeptModel): Promise<void> {
  unstored.deletions.delete(run.id);
  unstored.runs.add(run.id);
  // Before the run is there, for as soon as it is, newer ones may be told.
  if (model) unstored.models.set(run.id, model);
  runs.kept.value = newestFirst([...runs.kept.peek(), run]);
  return inTurn(tidyCheckpoints);
}

/** Forgets a run's checkpoints. */
export function forgetCheckpoints(id: string): Promise<void> {
  withoutPlace(id);
  return inTurn(async () => checkpoints.remove(id));
}

/** Forgets a finished run's checkpoints if its last weights are stored. */
export function forgetFinished(id: string): Promise<void> {
  return inTurn(async () => {
    const [run, model] = [await storage.run(id), await storage.model(id)];
    if (model === undefined || run === undefined || model.epoch < run.spec.epochs) return;
    withoutPlace(id);
    await checkpoints.remove(id);
  });
}

/** Changes a run; one that was deleted, here or in another tab, stays so. A `change` may be made on top of itself. */
export function changeRun(id: string, change: (run: KeptRun) => KeptRun): Promise<void> {
  runs.kept.value = runs.kept.peek().map((run) => (run.id === id ? change(run) : run));
  return inTurn(async () => {
    try {
      await storage.change(id, change);
    } catch (error) {
      unstored.changes.add(id);
      throw error;
    }
    tabs.postMessage(id);
  });
}

/** Keeps a run's weights, in the place of those before. */
export function setModel(id: string, model: KeptModel): Promise<void> {
  unstored.models.set(id, model);
  return inTurn(async () => {});
}

/** The weights of a run; undefined where there are none yet. */
export async function modelOf(id: string): Promise<KeptModel | undefined> {
  let stored: KeptModel | undefined;
  await inTurn(async () => {
    stored = await storage.model(id);
  });
  return unstored.models.get(id) ?? stored;
}

/** Takes a run away; gives what there was of it. */
export async function removeRun(run: KeptRun): Promise<KeptModel | undefined> {
  const model = await modelOf(run.id);
  runs.kept.value = runs.kept.peek().filter(({ id }) => id !== run.id);
  for (const part of Object.values(unstored)) part.delete(run.id);
  unstored.deletions.add(run.id);
  await inTurn(async () => {});
  return model;
}

/** Offers to go on with a run as soon as no other tab trains it. */
async function offerWhenFree(id: string): Promise<void> {
  await whenRunIsFree(id);
  await inTurn(async () => {
    const place = await checkpoints.place(id);
    if (place) runs.places.value = new Map(runs.places.peek()).set(id, place);
  });
}

function withoutPlace(id: string): void {
  const others = new Map(runs.places.peek());
  if (others.delete(id)) runs.places.value = others;
}

/** The run that was deleted last may come back, and its checkpoints with it. */
async function tidyCheckpoints(): Promise<void> {
  const inUse = await lockedRuns();
  const deleted = runs.deleted.peek();
  if (deleted) inUse.add(deleted.run.id);
  await checkpoints.tidy(mostCheckpoints, inUse);
}

/** Takes over what another tab did to a run, unless a change of this tab's is still to be stored. */
async function readAgain(id: string): Promise<void> {
  const run = await storage.run(id);
  if (run && unstored.changes.has(id)) return;
  const others = runs.kept.peek().filter((other) => other.id !== id);
  runs.kept.value = run ? newestFirst([...others, run]) : others;
}

/** Reads what is stored. */
async function read(): Promise<void> {
  const known = new Set([...runs.kept.peek().map(({ id }) => id), ...unstored.deletions]);
  const stored = (await storage.runs()).filter(({ id }) => !known.has(id));
  runs.kept.value = newestFirst([...runs.kept.peek(), ...stored]);
  isRead = true;
  await tidyCheckpoints();
  for (const { run } of await checkpoints.places()) void offerWhenFree(run);
}

/** Does what could not be done before, as it is to be by now: each by itself, for one may find room where another does not. */
async function catchUp(): Promise<void> {
  const faults: unknown[] = [];
  const attempt = (work: () => Promise<void>) => work().catch((error: unknown) => faults.push(error));
  for (const id of unstored.deletions) await attempt(() => storeDeletion(id));
  if (!isRead) await attempt(read);
  for (const id of unstored.runs) await attempt(() => storeRun(id));
  for (const id of unstored.changes) await attempt(() => storeChanges(id));
  for (const [id, model] of unstored.models) {
    if (!unstored.runs.has(id)) await attempt(() => storeModel(id, model));
  }
  if (faults.length > 0) throw faults[0];
}

async function storeDeletion(id: string): Promise<void> {
  await storage.remove(id);
  unstored.deletions.delete(id);
  tabs.postMessage(id);
}

async function storeRun(id: string): Promise<void> {
  const [run, model] = [keptRun(id), unstored.models.get(id)];
  if (run) await storage.add(run, model);
  unstored.runs.delete(id);
  unstored.changes.delete(id);
  if (unstored.models.get(id) === model) unstored.models.delete(id);
  tabs.postMessage(id);
}

async function storeChanges(id: string): Promise<void> {
  const run = keptRun(id);
  if (run) await storage.change(id, () => run);
  unstored.changes.delete(id);
  tabs.postMessage(id);
}

async function storeModel(id: string, model: KeptModel): Promise<void> {
  await storage.setModel(id, model);
  if (unstored.models.get(id) === model) unstored.models.delete(id);
}

function keptRun(id: string): KeptRun | undefined {
  return runs.kept.peek().find((run) => run.id === id);
}

/** Does `work` after all that came before it; where it cannot be done, says so, and all goes on in this tab alone. */
function inTurn(work: () => Promise<void>): Promise<void> {
  return turns.take(async () => {
    const before = await faultOf(catchUp);
    const fault = (await faultOf(work)) ?? before;
    const isAll = isRead && Object.values(unstored).every(({ size }) => size === 0);
    if (fault || isAll) runs.storageFault.value = fault;
  });
}

/** Why `work` cannot be done, in a sentence; undefined if it can. */
async function faultOf(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    const full = error instanceof DOMException && error.name === "QuotaExceededError";
    return full
      ? "The browser's storage is full: what is not stored goes when this tab is closed, so delete runs or export them."
      : "The browser stores nothing here, so runs go when this tab is closed: export those that are to stay.";
  }
}
