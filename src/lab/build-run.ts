import { batch } from "@preact/signals";
import { last } from "../math/last.ts";
import { InputError } from "../spec/input-error.ts";
import { chooseImages } from "./choose-images.ts";
import { isInputError } from "./failures.ts";
import type { OwnFiles } from "./own-pictures/own-files.ts";
import { readOwnFiles } from "./own-pictures/read-own-files.ts";
import { readingFor, store } from "./store.ts";
import type { ImagesSummary } from "./worker/training-service.ts";
import type { TrainingLink } from "./worker-link.ts";

/** The latest run that each Worker was given to build: what becomes of it is awaited before the next. */
const builds = new WeakMap<TrainingLink, Promise<unknown>>();

/**
 * Builds a run with the form's settings, with other images or those that there are, after the one being built. Throws an
 * InputError when it cannot be, and the old run stays.
 */
export function buildRun(connected: TrainingLink, images?: ImagesSummary, files?: OwnFiles): Promise<void> {
  const before = builds.get(connected) ?? Promise.resolve();
  const built = before.then(() => (images ? build(connected, images, files) : rebuild(connected)));
  builds.set(
    connected,
    built.catch(() => {}),
  );
  return built;
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
    store.results.scores.value = [];
    store.kernels.value = [];
    store.trial.work.value = undefined;
    forgetEpochs();
  });
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
  await connected.start(spec, images.id);
  const others = images.id !== store.images.value?.id;
  batch(() => {
    store.images.value = images;
    store.files.value = files;
    store.runSpec.value = spec;
    store.refusal.value = undefined;
    store.stepsPerSecond.value = undefined;
    forgetEpochs();
    if (!others) return;
    store.pictures.value = undefined;
    store.labels.value = new Set();
  });
  if (others) await connected.show({ id: images.id, images: chooseImages(images, store.labels.value) });
}

function forgetEpochs(): void {
  store.epochs.value = [];
  store.results.zoom.value = undefined;
}
