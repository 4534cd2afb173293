import { effect, untracked } from "@preact/signals";
import type { OwnFiles, PictureChoices } from "../images/own-pictures.ts";
import { dropOffer, imagesState } from "../images/state.ts";
import type { ImagesSummary } from "../images/summary.ts";
import { command, open, train } from "../run/actions.ts";
import { resumeRun } from "../run/build-run.ts";
import { keptRunId, runImages, runState, untouched } from "../run/state.ts";
import { currentLink } from "../run/worker-link.ts";
import { type KeptRun, keptImagesOf } from "./run-record.ts";
import { shelf } from "./shelf.ts";
import { runsState } from "./state.ts";

/** Continues a saved run; a run with the user's own images continues as soon as these are chosen again. */
export async function continueRun(run: KeptRun): Promise<void> {
  if (runState.phase.value === "opening" || runState.phase.value === "unsupported") return;
  if (runState.phase.value === "failed") await open();
  const { value: images } = runImages;
  const { value: digits } = runState.digits;
  if (run.images.files.length === 0) {
    if (digits) await resumeWith(run, digits, undefined);
  } else if (images && hasFilesOf(run, images)) await resumeWith(run, images, imagesState.files.value);
  else runsState.wanted.value = run.id;
}

/** Deletes the checkpoints of a run; the rest of it stays. */
export async function discardCheckpoints({ id, name }: KeptRun): Promise<void> {
  if (runsState.wanted.value === id) runsState.wanted.value = undefined;
  runsState.status.value = `${name} is kept, but not continued.`;
  await shelf.forgetCheckpoints(id);
}

/** From now on continues the wanted run as soon as the user's files were read. */
export function continueWantedRun(): void {
  effect(() => {
    const { value: offer } = imagesState.offer;
    const run = wantedRun();
    if (run && offer?.images && (!run.images.twins || offer.images.twins))
      untracked(() => void resumeOffered(run, offer.images, offer.files));
  });
  // Once the page's run has begun no run is offered for continuing, so none waits for files.
  effect(() => {
    if (!untouched.value) runsState.wanted.value = undefined;
  });
}

/** The choices with which pictures became images for the wanted run, if its images were made from pictures. */
export function wantedChoices(): PictureChoices | undefined {
  return wantedRun()?.images.choices;
}

/** The names of the files with the noisy twins of the wanted run's images, if they have twins. */
export function wantedTwins(): readonly string[] | undefined {
  return wantedRun()?.images.twins;
}

function wantedRun(): KeptRun | undefined {
  return runsState.kept.value.find(({ id }) => id === runsState.wanted.value);
}

async function resumeOffered(
  run: KeptRun,
  images: ImagesSummary | undefined,
  files: OwnFiles,
): Promise<void> {
  if (!images) return;
  const { value: offer } = imagesState.offer;
  await resumeWith(run, images, files, () => {
    if (imagesState.offer.value === offer) dropOffer();
  });
}

async function resumeWith(
  run: KeptRun,
  images: ImagesSummary,
  files: OwnFiles | undefined,
  onResumed = () => {},
): Promise<void> {
  const link = currentLink();
  const { value: before } = runsState.continuing;
  const isContinued = before?.run === run.id && before.worker === link;
  if (isContinued || keptRunId.value === run.id) return;
  const mine = { run: run.id, worker: link };
  runsState.continuing.value = mine;
  void link?.pause();
  await command("starting", async (connected) => {
    await resumeRun(connected, run, images, files);
    runsState.wanted.value = undefined;
    onResumed();
  });
  if (runsState.continuing.value === mine) runsState.continuing.value = undefined;
  if (keptRunId.value === run.id && runState.phase.value === "idle") await train();
}

function hasFilesOf({ images: kept }: KeptRun, summary: ImagesSummary): boolean {
  const { files, twins = [] } = keptImagesOf(summary, undefined);
  return sameNames(files, kept.files) && sameNames(twins, kept.twins ?? []);
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name) => others.includes(name));
}
