import { batch } from "@preact/signals";
import { proxy } from "comlink";
import { last } from "../../math/last.ts";
import { InputError } from "../../spec/input-error.ts";
import type { TrainingSpec } from "../../spec/settings.ts";
import { Turns } from "../../training/turns.ts";
import { dropTrialWork } from "../draw/state.ts";
import type { OwnFiles, OwnPictureFiles, PictureFolder } from "../images/own-pictures.ts";
import type { PictureReader, PicturesListener, PicturesOrder } from "../images/protocol.ts";
import { dropOffer, forgetPictures, imagesState, takeFiles } from "../images/state.ts";
import { chooseImages, comparedWith, type ImagesSummary } from "../images/summary.ts";
import type { SampleScores } from "../protocol.ts";
import { forgetResults, replaceScores, resultsState, showAllEpochs } from "../results/state.ts";
import { type KeptRun, newRunId } from "../runs/run-record.ts";
import { setStatus } from "../runs/state.ts";
import { fillForm, readingFor, refuse } from "../settings/state.ts";
import { pictureSize } from "../shared/picture-files.ts";
import { currentRun, markKept, runImages, runState } from "./state.ts";
import { isInputError, type TrainingLink } from "./worker-link.ts";

/** The runs that Workers have to build: each Worker builds one after the other. */
class Builds {
  readonly #turns = new WeakMap<TrainingLink, Turns>();

  /** Does `work` when all earlier runs of the Worker are built or refused. */
  afterOthers(connected: TrainingLink, work: () => Promise<void>): Promise<void> {
    const turns = this.#turns.get(connected) ?? new Turns();
    this.#turns.set(connected, turns);
    return turns.take(work);
  }
}

const builds = new Builds();

/**
 * Builds a run with the form's settings, on other images or on the same as before, after the run that is being built. Throws an
 * InputError when that is impossible; the old run then stays.
 */
export function buildRun(connected: TrainingLink, images?: ImagesSummary, files?: OwnFiles): Promise<void> {
  return builds.afterOthers(connected, () => (images ? build(connected, images, files) : rebuild(connected)));
}

/** Resolves when all earlier runs of the Worker are built or refused. */
export function whenBuilt(connected: TrainingLink): Promise<void> {
  return builds.afterOthers(connected, async () => {});
}

/** Builds a run in a new Worker, with the images of the old one if they can still be read. */
export async function buildFirstRun(connected: TrainingLink, digits: ImagesSummary): Promise<void> {
  const { value: files } = imagesState.files;
  if (!files) return buildRun(connected, digits);
  let images: ImagesSummary | undefined;
  try {
    images = await readOwnFiles(connected, files);
  } catch (error) {
    if (!isInputError(error)) throw error;
    await buildRun(connected, digits);
    refuse(error.message);
    return;
  }
  await buildRun(connected, images ?? digits, images && files);
}

/** Drops the run of a Worker that was ended. The user's files are kept, so that a new Worker can read them. */
export function forgetRun(): void {
  batch(() => {
    currentRun.value = undefined;
    runState.progress.value = undefined;
    forgetEpochs();
    dropOffer();
    forgetResults();
    dropTrialWork();
  });
}

/** Has the Worker continue a saved run, on images that must be the run's own, after the run that is being built. */
export function resumeRun(
  connected: TrainingLink,
  { id, name, scores }: KeptRun,
  images: ImagesSummary,
  files: OwnFiles | undefined,
): Promise<void> {
  return builds.afterOthers(connected, async () => {
    const { spec, epochs, scores: now, remarks } = await connected.resume({ id, name }, images.id);
    await takeRun(connected, { id, spec, images, files });
    batch(() => {
      markKept(true);
      runState.epochs.value = epochs;
      fillForm(spec, images);
      setStatus(`${name} continues.`);
      if (remarks.length > 0) runState.recovery.value = remarks.join(" ");
      if (!now) return;
      const { noisy } = now;
      const before = scores.map(({ epoch, psnr, ssim }) => ({ epoch, denoised: { psnr, ssim }, noisy }));
      replaceScores(scoresOnward(before, now));
    });
  });
}

/** The scores of a run that continues: those from before its current epoch, and the current ones. */
export function scoresOnward(before: readonly SampleScores[], now: SampleScores): readonly SampleScores[] {
  const within = (runState.progress.value?.step ?? 0) > 0;
  const had = before.filter(({ epoch }) => epoch < now.epoch || (within && epoch === now.epoch));
  // Scores within an epoch belong to no epoch: they are used only if there are no others.
  return within && had.length > 0 ? had : [...had, now];
}

async function rebuild(connected: TrainingLink): Promise<void> {
  const { value: images } = runImages;
  if (images) await build(connected, images, imagesState.files.value);
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

/** A run built by the Worker. */
interface BuiltRun {
  readonly id: string;
  readonly spec: TrainingSpec;
  readonly images: ImagesSummary;
  readonly files: OwnFiles | undefined;
}

/** Makes a run that the Worker has built the page's run; its epochs are not known yet. */
export async function takeRun(connected: TrainingLink, { id, spec, images, files }: BuiltRun): Promise<void> {
  const others = images.id !== runImages.value?.id;
  batch(() => {
    currentRun.value = { id, spec, images, kept: false };
    runState.stepsPerSecond.value = undefined;
    forgetEpochs();
    takeFiles(files);
    refuse(undefined);
    showAllEpochs();
    // Until the run's own scores arrive, its images are assumed to be as noisy as the previous ones.
    const before = comparedWith(spec) === "nothing" ? [] : resultsState.scores.value.slice(0, 1);
    replaceScores(before.map((old) => ({ ...old, epoch: 0 })));
    if (others) forgetPictures();
  });
  if (others) await connected.show({ id: images.id, images: chooseImages(images, imagesState.labels.value) });
}

function forgetEpochs(): void {
  runState.epochs.value = [];
  runState.recovery.value = undefined;
}

/** Has the Worker read the user's files; undefined if that was cancelled. Throws the Worker's InputErrors. */
export async function readOwnFiles(
  connected: TrainingLink,
  files: OwnFiles,
  listener: PicturesListener = () => {},
): Promise<ImagesSummary | undefined> {
  if (files.kind === "images") return connected.offer(files.files, files.twins);
  const { folder, twins } = files;
  const readTwins = twins && proxy(readerOf(twins));
  return connected.offerPictures(orderOf(files), proxy(readerOf(folder)), proxy(listener), readTwins);
}

function orderOf({ folder, choices, twins }: OwnPictureFiles): PicturesOrder {
  const { id, name, files, labels, passedOver } = folder;
  const noisy = twins && { folder: twins.id, name: twins.name };
  return { folder: id, name, count: files.length, labels, passedOver, choices, twins: noisy };
}

/** Gives the Worker pictures with their sizes: only the page can get a picture's size without decoding it. */
export function readerOf({ files }: PictureFolder): PictureReader {
  const measured = async (file: File) => ({ file, size: await pictureSize(file) });
  return (numbers) => Promise.all(numbers.flatMap((number) => files[number] ?? []).map(measured));
}
