import { computed, effect, untracked } from "@preact/signals";
import { scoredEpochs, store } from "../store.ts";
import { madeUpName, uniqueName } from "./run-name.ts";
import { type KeptRun, keptImagesOf } from "./run-record.ts";
import { addRun, changeRun, forgetFinished, setModel } from "./shelf.ts";

/** Milliseconds from one time that a run is stored to the next, while it trains. */
const saveInterval = 1000;

const { runs } = store;

/** What is to be stored of the page's run. */
type News = Partial<Pick<KeptRun, "epochs" | "scores" | "kernels">>;

let news: News = {};
let saving: ReturnType<typeof setTimeout> | undefined;

/** Whether the page's run is among the kept ones. */
const isThere = computed(() => runs.kept.value.some(({ id }) => id === runs.current.value));

/** From now on keeps every run of the page, from its first epoch on. */
export function keepRuns(): void {
  follow(store.epochs, keepEpochs);
  follow(scoredEpochs, keepScores);
  follow(runs.model, keepModel);
  follow(isThere, keepAll);
  // Wherever it does not train it may be left.
  follow(store.phase, saveUnlessTraining);
  window.addEventListener("pagehide", saveRun);
  document.addEventListener("visibilitychange", saveRun);
}

/** Keeps all of the page's run where it is new, or where its deletion was undone, here or in another tab: it may have gone on. */
function keepAll(): void {
  if (!isThere.value) return;
  keepEpochs();
  keepScores();
  keepModel();
  saveRun();
}

function follow(changing: { readonly value: unknown }, keep: () => void): void {
  effect(() => {
    void changing.value;
    untracked(keep);
  });
}

function keepEpochs(): void {
  const { value: epochs } = store.epochs;
  // A new run has none.
  if (epochs.length === 0) leave();
  else if (runs.current.value === undefined) begin();
  else tell({ epochs });
}

function keepScores(): void {
  const { value: scores } = scoredEpochs;
  // A new run's begin without any, before the page has left the old run.
  if (scores.length > 0) tell({ scores: scores.map(({ epoch, denoised }) => ({ epoch, ...denoised })) });
}

function keepModel(): void {
  const { value: model } = runs.model;
  const { value: id } = runs.current;
  if (!model || id === undefined) return;
  const { kernels, ...kept } = model;
  tell({ kernels });
  void setModel(id, kept);
}

function saveUnlessTraining(): void {
  if (store.phase.value === "training") return;
  saveRun();
  if (store.phase.value === "finished") finish();
}

/** Once a finished run's weights are stored there is nothing left to go on with. */
function finish(): void {
  runs.saved.value = undefined;
  const { value: id } = runs.current;
  if (id !== undefined) void forgetFinished(id);
}

function begin(): void {
  const { value: spec } = store.runSpec;
  const { value: summary } = store.images;
  const { value: id } = runs.next;
  const adapter = store.laboratory.value?.adapter;
  if (!spec || !summary || !adapter || id === undefined) return;
  if (runs.kept.value.some((run) => run.id === id)) {
    runs.current.value = id;
    tell({ epochs: store.epochs.value });
    return;
  }
  const images = keptImagesOf(summary, store.files.value);
  const name = uniqueName(
    madeUpName({ spec, images }),
    runs.kept.value.map((run) => run.name),
  );
  const [created, epochs] = [Date.now(), store.epochs.value];
  runs.current.value = id;
  void addRun({ id, name, created, adapter, kernels: undefined, images, spec, epochs, scores: [] });
}

function leave(): void {
  saveRun();
  runs.current.value = undefined;
  runs.model.value = undefined;
  runs.saved.value = undefined;
  runs.unsaved.value = undefined;
}

function tell(found: News): void {
  if (runs.current.value === undefined) return;
  news = { ...news, ...found };
  saving ??= setTimeout(saveRun, saveInterval);
}

/** Stores at once what there is to be stored of the page's run. */
export function saveRun(): void {
  clearTimeout(saving);
  saving = undefined;
  const { value: id } = runs.current;
  const changes = news;
  news = {};
  if (id !== undefined && Object.keys(changes).length > 0)
    void changeRun(id, (run) => ({ ...run, ...changes }));
}
