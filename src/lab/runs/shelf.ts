import { store } from "../store.ts";
import { CheckpointStorage } from "./checkpoint-storage.ts";
import { RunConnection } from "./run-connection.ts";
import { lockedRuns, whenRunIsFree } from "./run-lock.ts";
import { type KeptModel, type KeptRun, newestFirst } from "./run-record.ts";
import { RunStorage } from "./run-storage.ts";

const { runs } = store;

/** Tells the page's other tabs, by its id, of a run that was changed. */
const tabs = new BroadcastChannel("unsnow runs");

/** Weights that could not be stored, and are there for as long as the tab is. */
const unstored = new Map<string, KeptModel>();

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
  if (model) unstored.set(run.id, model);
  return inTurn(async () => {
    await storage.add(run, model);
    unstored.delete(run.id);
    tabs.postMessage(run.id);
    await tidyCheckpoints();
  });
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
    await storage.change(id, change);
    tabs.postMessage(id);
  });
}

/** Keeps a run's weights, in the place of those before. */
export function setModel(id: string, model: KeptModel): Promise<void> {
  unstored.set(id, model);
  return inTurn(async () => {
    await storage.setModel(id, model);
    if (unstored.get(id) === model) unstored.delete(id);
  });
}

/** The weights of a run; undefined where there are none yet. */
export async function modelOf(id: string): Promise<KeptModel | undefined> {
  let stored: KeptModel | undefined;
  await inTurn(async () => {
    stored = await storage.model(id);
  });
  return unstored.get(id) ?? stored;
}

/** Takes a run away; gives what there was of it. */
export async function removeRun(run: KeptRun): Promise<KeptModel | undefined> {
  const model = await modelOf(run.id);
  runs.kept.value = runs.kept.peek().filter(({ id }) => id !== run.id);
  unstored.delete(run.id);
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

/** Does `work` after all that came before it; where it cannot be done, says so once, and all goes on in this tab alone. */
function inTurn(work: () => Promise<void>): Promise<void> {
  const turn = turns.then(work).catch((error: unknown) => {
    const full = error instanceof DOMException && error.name === "QuotaExceededError";
    runs.storageFault.value = full
      ? "The browser's storage is full: what is not stored goes when this tab is closed, so delete runs or export them."
      : "The browser stores nothing here, so runs go when this tab is closed: export those that are to stay.";
  });
  turns = turn;
  return turn;
}
