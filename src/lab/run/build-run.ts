import { batch } from "@preact/signals";
import { last } from "../../math/last.ts";
import { InputError } from "../../spec/input-error.ts";
import type { TrainingSpec } from "../../spec/training.ts";
import { Turns } from "../../training/turns.ts";
import type { OwnFiles } from "../images/own-pictures.ts";
import { readOwnFiles } from "../images/read-files.ts";
import type { ImagesSummary } from "../images/summary.ts";
import { chooseImages } from "../images/summary.ts";
import type { SampleScores } from "../protocol.ts";
import { type KeptRun, newRunId } from "../runs/run-record.ts";
import { draftOf } from "../settings/draft.ts";
import { readingFor, store } from "../store.ts";
import { isInputError } from "./failures.ts";
import type { TrainingLink } from "./worker-link.ts";

/** Each Worker builds one run after the other. */
const builds = new WeakMap<TrainingLink, Turns>();

/**
 * Builds a run with the form's settings, with other images or those that there are, after the one being built. Throws an
 * InputError when it cannot be, and the old run stays.
 */
export function buildRun(connected: TrainingLink, images?: ImagesSummary, files?: OwnFiles): Promise<void> {
  return afterOthers(connected, () => (images ? build(connected, images, files) : rebuild(connected)));
}

/** Resolves when what the Worker was given to build before is built, or refused. */
export function whenBuilt(connected: TrainingLink): Promise<void> {
  return afterOthers(connected, async () => {});
}

/** Does `work` when what the Worker was given to build before is built, or refused. */
function afterOthers(connected: TrainingLink, work: () => Promise<void>): Promise<void> {
  const turns = builds.get(connected) ?? new Turns();
  builds.set(connected, turns);
  return turns.take(work);
}

/** Builds a run in a new Worker, with the images of the old one where they can still be read. */
export async function buildFirstRun(connected: TrainingLink, digits: ImagesSummary): Promise<void> {
  const { value: files } = store.files;
  if (!files) return buildRun(connected, digits);
  let images: ImagesSummary | undefined;
  try {
    images = await readOwnFiles(connected, files);
  } catch (error) {
    if (!isInputError(error)) throw error;
    await buildRun(connected, digits);
    store.refusal.value = error.message;
    return;
  }
  await buildRun(connected, images ?? digits, images && files);
}

/** Forgets the run of a Worker that is no more. Its files stay, for a new Worker to read. */
export function forgetRun(): void {
  batch(() => {
    store.images.value = undefined;
    store.offer.value = undefined;
    store.progress.value = undefined;
    store.runSpec.value = undefined;
    store.runs.next.value = undefined;
    store.results.scores.value = [];
    store.kernels.value = [];
    store.trial.work.value = undefined;
    forgetEpochs();
  });
}

/** Has the Worker go on with a saved run, with images that must be those that it had, after the run being built. */
export function resumeRun(
  connected: TrainingLink,
  { id, name, scores }: KeptRun,
  images: ImagesSummary,
  files: OwnFiles | undefined,
): Promise<void> {
  return afterOthers(connected, async () => {
    const { spec, epochs, scores: now, remarks } = await connected.resume({ id, name }, images.id);
    await takeRun(connected, { id, spec, images, files });
    batch(() => {
      store.runs.current.value = id;
      store.epochs.value = epochs;
      store.draft.value = draftOf(spec);
      store.runs.status.value = `${name} goes on.`;
      if (remarks.length > 0) store.recovery.value = remarks.join(" ");
      if (!now) return;
      const { noisy } = now;
      const before = scores.map(({ epoch, psnr, ssim }) => ({ epoch, denoised: { psnr, ssim }, noisy }));
      store.results.scores.value = scoresOnward(before, now);
    });
  });
}

/** The scores of a run that goes on: those that it had up to where it stands, and those that it has now. */
export function scoresOnward(before: readonly SampleScores[], now: SampleScores): readonly SampleScores[] {
  const within = (store.progress.value?.step ?? 0) > 0;
  const had = before.filter(({ epoch }) => epoch < now.epoch || (within && epoch === now.epoch));
  // Within an epoch they are of none, but better than nothing.
  return within && had.length > 0 ? had : [...had, now];
}

async function rebuild(connected: TrainingLink): Promise<void> {
  const { value: images } = store.images;
  if (images) await build(connected, images, store.files.value);
}

async function build(
  connected: TrainingLink,
  images: ImagesSummary,
  files: OwnFiles | undefined,
): Promise<void> {
  const { spec, faults } = readingFor(images);
  if (!spec) throw new InputError(`A new run needs this corrected first: ${last([...faults.values()])}`);
  const id = newRunId();
  await connected.start(spec, images.id, id);
  await takeRun(connected, { id, spec, images, files });
}

/** A run that the Worker has now. */
interface BuiltRun {
  readonly id: string;
  readonly spec: TrainingSpec;
  readonly images: ImagesSummary;
  readonly files: OwnFiles | undefined;
}

/** Has the page follow a run that the Worker has now; of its epochs nothing is known yet. */
export async function takeRun(connected: TrainingLink, { id, spec, images, files }: BuiltRun): Promise<void> {
  const others = images.id !== store.images.value?.id;
  batch(() => {
    store.images.value = images;
    store.files.value = files;
    store.runSpec.value = spec;
    store.runs.next.value = id;
    store.refusal.value = undefined;
    store.stepsPerSecond.value = undefined;
    // Until the run's own scores come, its images are taken to be as noisy as those before.
    store.results.scores.value = store.results.scores.value.slice(0, 1).map((old) => ({ ...old, epoch: 0 }));
    forgetEpochs();
    if (!others) return;
    store.pictures.value = undefined;
    store.labels.value = new Set();
  });
  if (others) await connected.show({ id: images.id, images: chooseImages(images, store.labels.value) });
}

function forgetEpochs(): void {
  store.epochs.value = [];
  store.recovery.value = undefined;
  store.results.zoom.value = undefined;
}
