import { batch } from "@preact/signals";
import { chooseNetwork, tryModel } from "../draw/trial.ts";
import { imagesState } from "../images/state.ts";
import { comparedWith } from "../images/summary.ts";
import { keptRunId, runState } from "../run/state.ts";
import { ask, sentenceOf } from "../run/worker-link.ts";
import { edit } from "../settings/actions.ts";
import { draftOf } from "../settings/draft.ts";
import { saveFile, savePng } from "../shared/picture-files.ts";
import { exportName, missingModel, pictureSheet, type RunExport } from "./exports.ts";
import { saveRun } from "./keep-run.ts";
import { runFileEnding } from "./run-file.ts";
import { type KeptModel, type KeptRun, newRunId, tidyName, uniqueName } from "./run-record.ts";
import { shelf } from "./shelf.ts";
import { runsState, toggled } from "./state.ts";

/** Whether a dropped file is a run file. */
export function isRunFile({ name }: File): boolean {
  return name.toLowerCase().endsWith(runFileEnding);
}

/** Adds a run to the charts beside the page's own, or removes it. */
export function toggleShown({ id }: KeptRun): void {
  runsState.shown.value = toggled(runsState.shown.value, id);
}

/** Renames a run. A name that is taken gets a number; an empty one changes nothing. */
export function renameRun({ id, name: old }: KeptRun, text: string): void {
  const wanted = tidyName(text);
  if (wanted === "" || wanted === old) return;
  const name = uniqueName(
    wanted,
    runsState.kept.value.filter((run) => run.id !== id).map((run) => run.name),
  );
  void shelf.change(id, (run) => ({ ...run, name }));
  tell(`${old} is now called ${name}.`);
  void keepLonger();
}

/** Deletes a run. This can be undone until the next deletion. */
export async function deleteRun(run: KeptRun): Promise<void> {
  const model = await shelf.remove(run);
  batch(() => {
    if (runsState.shown.value.has(run.id)) toggleShown(run);
    runsState.deleted.value = { run, model };
    tell(undefined);
  });
}

/** Restores the run that was deleted last. */
export async function undoDeletion(): Promise<void> {
  const { value: deleted } = runsState.deleted;
  if (!deleted) return;
  const { run, model } = deleted;
  runsState.deleted.value = undefined;
  tell(`${run.name} was restored.`);
  await shelf.add(run, model);
}

/** Copies a run's settings to the form. */
export function takeSettings({ name, spec, images }: KeptRun): void {
  edit(draftOf(spec, images.twins !== undefined));
  tell(`The form has the settings of ${name}.`);
}

/** Has "Try it" use a run's weights, and shows it. */
export async function tryRun(run: KeptRun): Promise<void> {
  if (run.id === keptRunId.value) await chooseNetwork("run");
  else {
    const model = await shelf.modelOf(run.id);
    if (!model) return refuse(missingModel(run));
    await tryModel(new File([model.bytes], run.name));
  }
  const card = document.getElementById("try-it");
  card?.scrollIntoView();
  card?.querySelector<HTMLElement>(".pad")?.focus({ preventScroll: true });
}

/** Downloads a run as a file of this kind; a run that trains in its current state, with epochs at least up to its weights. */
export async function exportRun(run: KeptRun, { ending, weights, make }: RunExport): Promise<void> {
  await exporting(exportName(run, ending), async (name) => {
    const model = weights ? await latestModel(run) : undefined;
    saveRun();
    const latest = runsState.kept.value.find(({ id }) => id === run.id) ?? run;
    saveFile(await make(latest, model), name);
  });
}

/** Downloads the pictures that are shown, which are those of the page's run. */
export async function exportPictures(run: KeptRun): Promise<void> {
  const { value: pictures } = imagesState.pictures;
  if (!pictures) return;
  await exporting(exportName(run, "-pictures.png"), (name) =>
    savePng(pictureSheet(pictures, comparedWith(run.spec)), name),
  );
}

/** Reads run files and adds their runs to the kept ones. */
export async function importRuns(files: readonly File[]): Promise<void> {
  for (const file of files) await importRun(file);
}

async function importRun(file: File): Promise<void> {
  const notRead = `${file.name} was not read: wait until a run is ready, or press Reset, and choose it again.`;
  if (!runState.laboratory.value || runState.phase.value === "failed") {
    runsState.fault.value = notRead;
    return;
  }
  tell(`Reading ${file.name}…`);
  const found = await ask((connected) => connected.readRun(file), refuse);
  if (!found) {
    runsState.status.value = undefined;
    // Undefined without an error: the Worker was replaced.
    runsState.fault.value ??= notRead;
    return;
  }
  const taken = runsState.kept.value.map(({ name }) => name);
  const run = { ...found.run, id: newRunId(), name: uniqueName(found.run.name, taken) };
  void shelf.add(run, found.model);
  tell(`${run.name} was imported.`);
}

/** The weights of a run; for the page's run the current ones. */
async function latestModel({ id }: KeptRun): Promise<KeptModel | undefined> {
  if (id === keptRunId.value) await ask((connected) => connected.tellModel(), refuse);
  return shelf.modelOf(id);
}

async function exporting(name: string, save: (name: string) => Promise<void>): Promise<void> {
  tell(undefined);
  try {
    await save(name);
    tell(`${name} was downloaded.`);
  } catch (error) {
    refuse(error);
  }
  void keepLonger();
}

/** Asks the browser for persistent storage, after the user has renamed or downloaded a run. */
async function keepLonger(): Promise<void> {
  await navigator.storage?.persist?.().catch(() => false);
}

function tell(status: string | undefined): void {
  runsState.status.value = status;
  runsState.fault.value = undefined;
}

function refuse(error: unknown): void {
  runsState.status.value = undefined;
  runsState.fault.value = sentenceOf(error);
}
