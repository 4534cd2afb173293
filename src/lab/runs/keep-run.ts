import { batch, computed, effect, untracked } from "@preact/signals";
import { imagesState } from "../images/state.ts";
import { scoredEpochs } from "../results/state.ts";
import { currentRun, keptRunId, markKept, runState } from "../run/state.ts";
import { Delay } from "../shared/scheduling.ts";
import { type KeptRun, keptImagesOf, uniqueName } from "./run-record.ts";
import { madeUpName } from "./run-settings.ts";
import { shelf } from "./shelf.ts";
import { runsState } from "./state.ts";

/** Milliseconds from one write of a run to the next, while it trains. */
const saveInterval = 1000;

/** The changes of a run that are to be stored. */
type News = Partial<Pick<KeptRun, "epochs" | "scores" | "kernels">>;

/** Whether the page's run is among the kept runs. */
const isThere = computed(() => runsState.kept.value.some(({ id }) => id === keptRunId.value));

/** Stores changes of the page's run, but not too often. */
class RunKeeper {
  #news: { readonly run: string; readonly changes: News } | undefined;
  readonly #saving = new Delay(saveInterval);

  /** Stores changes of the page's run soon, if it is a kept run. */
  tell(changes: News): void {
    const { value: run } = keptRunId;
    if (run === undefined) return;
    if (this.#news?.run !== run) this.save();
    this.#news = { run, changes: { ...this.#news?.changes, ...changes } };
    if (!this.#saving.waits) this.#saving.start(() => this.save());
  }

  /** Stores pending changes at once. */
  save(): void {
    this.#saving.cancel();
    const news = this.#news;
    this.#news = undefined;
    if (news) void shelf.change(news.run, (run) => ({ ...run, ...news.changes }));
  }
}

const keeper = new RunKeeper();

/** From now on keeps every run of the page, from its first epoch on. */
export function keepRuns(): void {
  follow(runState.epochs, keepEpochs);
  follow(scoredEpochs, keepScores);
  follow(runsState.model, keepModel);
  follow(isThere, keepAll);
  // The page may leave a run that does not train at any time.
  follow(runState.phase, saveUnlessTraining);
  window.addEventListener("pagehide", saveRun);
  document.addEventListener("visibilitychange", saveRun);
}

/** Stores pending changes of the page's run at once. */
export function saveRun(): void {
  keeper.save();
}

/** Stores the whole run if it is new, or if its deletion was undone, here or in another tab: it may have continued to train. */
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
  const { value: epochs } = runState.epochs;
  // A new run has none.
  if (epochs.length === 0) leave();
  else if (keptRunId.value === undefined) begin();
  else keeper.tell({ epochs });
}

function keepScores(): void {
  const { value: scores } = scoredEpochs;
  // A new run starts without any before the page has left the old run.
  if (scores.length > 0)
    keeper.tell({ scores: scores.map(({ epoch, denoised }) => ({ epoch, ...denoised })) });
}

function keepModel(): void {
  const { value: model } = runsState.model;
  const { value: id } = keptRunId;
  if (!model || id === undefined) return;
  const { kernels, ...kept } = model;
  keeper.tell({ kernels });
  void shelf.setModel(id, kept);
}

function saveUnlessTraining(): void {
  if (runState.phase.value === "training") return;
  saveRun();
  if (runState.phase.value === "finished") finish();
}

/** A finished run cannot be continued, so its checkpoints are deleted once its weights are stored. */
function finish(): void {
  runsState.saved.value = undefined;
  const { value: id } = keptRunId;
  if (id !== undefined) void shelf.forgetFinished(id);
}

function begin(): void {
  const { value: run } = currentRun;
  const adapter = runState.laboratory.value?.adapter;
  if (!run || !adapter) return;
  const { id, spec } = run;
  if (runsState.kept.value.some((kept) => kept.id === id)) {
    markKept(true);
    keeper.tell({ epochs: runState.epochs.value });
    return;
  }
  const images = keptImagesOf(run.images, imagesState.files.value);
  const name = uniqueName(
    madeUpName({ spec, images }),
    runsState.kept.value.map((kept) => kept.name),
  );
  const [created, epochs] = [Date.now(), runState.epochs.value];
  markKept(true);
  void shelf.add({ id, name, created, adapter, kernels: undefined, images, spec, epochs, scores: [] });
}

/** The page has a new run, which is not stored yet. */
function leave(): void {
  saveRun();
  batch(() => {
    markKept(false);
    runsState.model.value = undefined;
    runsState.saved.value = undefined;
    runsState.unsaved.value = undefined;
  });
}
