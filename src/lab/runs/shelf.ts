import { store } from "../store.ts";
import { CheckpointStorage } from "./checkpoint-storage.ts";
import { RunConnection } from "./run-connection.ts";
import { lockedRuns, whenRunIsFree } from "./run-lock.ts";
import { type KeptModel, type KeptRun, newestFirst } from "./run-record.ts";
import { RunStorage } from "./run-storage.ts";

const { runs } = store;

/** Tells the page's other tabs, by its id, of a run that was changed. */
const tabs = new BroadcastChannel("unsnow runs");

/** What could not be stored, or not yet, by the runs' ids: it is there for as long as the tab is, and tried again in every turn. */
const unstored = {
  runs: new Set<string>(),
  changes: new Set<string>(),
  models: new Map<string, KeptModel>(),
};

/** Unfinished runs whose checkpoints stay, the latest ones. */
const mostCheckpoints = 3;

const connection = new RunConnection();
const storage = new RunStorage(connection);
const checkpoints = new CheckpointStorage(connection);
let turns: Promise<unknown> = Promise.resolve();

/** Reads the runs that are kept in the browser, and follows what other tabs do to them. */
export async function openShelf(): Promise<void> {
  await inTurn(async () => {
    const known = new Set(runs.kept.peek().map(({ id }) => id));
    const stored = (await storage.runs()).filter(({ id }) => !known.has(id));
    runs.kept.value = newestFirst([...runs.kept.peek(), ...stored]);
    await tidyCheckpoints();
    for (const { run } of await checkpoints.places()) void offerWhenFree(run);
  });
  tabs.addEventListener("message", ({ data: id }) => void inTurn(() => readAgain(String(id))));
}

/** Puts a run there, with its weights if they are known. */
export function addRun(run: KeptRun, model?: KeptModel): Promise<void> {
  runs.kept.value = newestFirst([...runs.kept.peek(), run]);
  unstored.runs.add(run.id);
  if (model) unstored.models.set(run.id, model);
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

/** Changes a run; one that was deleted, here or in another tab, stays so. */
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
  await inTurn(async () => {
    await storage.remove(run.id);
    tabs.postMessage(run.id);
  });
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

/** Takes over what another tab did to a run. */
async function readAgain(id: string): Promise<void> {
  const run = await storage.run(id);
  const others = runs.kept.peek().filter((other) => other.id !== id);
  runs.kept.value = run ? newestFirst([...others, run]) : others;
}

/** Stores what could not be stored before, as it is by now. */
async function storeRest(): Promise<void> {
  const keptRun = (id: string) => runs.kept.peek().find((run) => run.id === id);
  for (const id of unstored.runs) {
    const [run, model] = [keptRun(id), unstored.models.get(id)];
    if (run) await storage.add(run, model);
    unstored.runs.delete(id);
    unstored.changes.delete(id);
    if (unstored.models.get(id) === model) unstored.models.delete(id);
    tabs.postMessage(id);
  }
  for (const id of unstored.changes) {
    const run = keptRun(id);
    if (run) await storage.change(id, () => run);
    unstored.changes.delete(id);
    tabs.postMessage(id);
  }
  for (const [id, model] of unstored.models) {
    await storage.setModel(id, model);
    if (unstored.models.get(id) === model) unstored.models.delete(id);
  }
}

/** Does `work` after all that came before it; where it cannot be done, says so, and all goes on in this tab alone. */
function inTurn(work: () => Promise<void>): Promise<void> {
  const turn = turns.then(async () => {
    // Where the storage is full, it may be this work that makes room.
    const before = await faultOf(storeRest);
    const fault = (await faultOf(work)) ?? (before && (await faultOf(storeRest)));
    const isAll = Object.values(unstored).every(({ size }) => size === 0);
    if (fault || isAll) runs.storageFault.value = fault;
  });
  turns = turn;
  return turn;
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
