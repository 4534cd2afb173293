import { effect, untracked } from "@preact/signals";
import type { OwnFiles, PictureChoices } from "../images/own-pictures.ts";
import type { ImagesSummary } from "../images/summary.ts";
import { command, open, train } from "../run/actions.ts";
import { resumeRun } from "../run/build-run.ts";
import { currentLink, type TrainingLink } from "../run/worker-link.ts";
import { store, untouched } from "../store.ts";
import type { KeptRun } from "./run-record.ts";
import { forgetCheckpoints } from "./shelf.ts";

const { runs } = store;

/** The run that is about to go on, and in which Worker: pressed twice, it goes on once. */
let continuing: { readonly run: string; readonly link: TrainingLink | undefined } | undefined;

/** Goes on with a saved run; one with a person's own images as soon as these are there again. */
export async function continueRun(run: KeptRun): Promise<void> {
  if (store.phase.value === "opening" || store.phase.value === "unsupported") return;
  if (store.phase.value === "failed") await open();
  const { value: images } = store.images;
  const { value: laboratory } = store.laboratory;
  if (run.images.files.length === 0) {
    if (laboratory) await resumeWith(run, laboratory.digits, undefined);
  } else if (images && hasFilesOf(run, images)) await resumeWith(run, images, store.files.value);
  else runs.wanted.value = run.id;
}

/** Forgets where a run could go on; what else is kept of it stays. */
export async function discardCheckpoints({ id, name }: KeptRun): Promise<void> {
  if (runs.wanted.value === id) runs.wanted.value = undefined;
  runs.status.value = `${name} stays among the runs, but is not continued.`;
  await forgetCheckpoints(id);
}

/** From now on goes on with the run that is wanted when a person's files were read. */
export function continueWantedRun(): void {
  effect(() => {
    const { value: offer } = store.offer;
    const run = wantedRun();
    if (run && offer?.images) untracked(() => void resumeOffered(run, offer.images, offer.files));
  });
  // Once the page's run has begun no run is offered any more, so none waits for files that are chosen then.
  effect(() => {
    if (!untouched.value) runs.wanted.value = undefined;
  });
}

/** How pictures became images for the run that is wanted, if it had some. */
export function wantedChoices(): PictureChoices | undefined {
  return wantedRun()?.images.choices;
}

function wantedRun(): KeptRun | undefined {
  return runs.kept.value.find(({ id }) => id === runs.wanted.value);
}

async function resumeOffered(
  run: KeptRun,
  images: ImagesSummary | undefined,
  files: OwnFiles,
): Promise<void> {
  if (!images) return;
  const { value: offer } = store.offer;
  await resumeWith(run, images, files, () => {
    if (store.offer.value === offer) store.offer.value = undefined;
  });
}

async function resumeWith(
  run: KeptRun,
  images: ImagesSummary,
  files: OwnFiles | undefined,
  onResumed = () => {},
): Promise<void> {
  const link = currentLink();
  const goesOn = continuing?.run === run.id && continuing.link === link;
  if (goesOn || runs.current.value === run.id) return;
  const mine = { run: run.id, link };
  continuing = mine;
  void link?.pause();
  await command("starting", async (connected) => {
    await resumeRun(connected, run, images, files);
    runs.wanted.value = undefined;
    onResumed();
  });
  if (continuing === mine) continuing = undefined;
  if (runs.current.value === run.id && store.phase.value === "idle") await train();
}

function hasFilesOf(run: KeptRun, { files }: ImagesSummary): boolean {
  const names = files.map(({ name }) => name);
  return names.length === run.images.files.length && names.every((name) => run.images.files.includes(name));
}
