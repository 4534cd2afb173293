import { batch } from "@preact/signals";
import { proxy, type Remote, wrap } from "comlink";
import { last } from "../math/last.ts";
import { InputError } from "../spec/input-error.ts";
import { wantedBackend } from "./backend.ts";
import { chooseImages } from "./choose-images.ts";
import { GpuTrack } from "./gpu-track.ts";
import { rememberedKernels, rememberKernels, wantedKernels } from "./kernel-memory.ts";
import type { OwnFiles } from "./own-pictures/own-files.ts";
import { readOwnFiles } from "./own-pictures/read-own-files.ts";
import type { Draft } from "./settings/draft.ts";
import { StepRate } from "./step-rate.ts";
import { changed, reading, readingFor, store, untouched } from "./store.ts";
import type { SampleScores } from "./worker/sample-scores.ts";
import type { ImagesSummary, TrainingEvent, TrainingService } from "./worker/training-service.ts";

/** Milliseconds from the last keystroke until an untouched run, and the address, follow the form. */
export const typingPause = 250;

const rate = new StepRate();
const track = new GpuTrack();

let worker: Worker | undefined;
let service: Remote<TrainingService> | undefined;
let commands = 0;
let building: Promise<unknown> = Promise.resolve();
let typing: ReturnType<typeof setTimeout> | undefined;

/** Starts the Worker and builds a run with the form's settings, or says why that cannot be. */
export async function open(): Promise<void> {
  connect();
  await command("opening", async (connected) => {
    const address = new URLSearchParams(window.location.search);
    const options = {
      backend: wantedBackend(address),
      base: document.baseURI,
      profile: store.profiling,
      kernels: wantedKernels(address),
      rememberedKernels: rememberedKernels(),
    };
    const laboratory = await connected.open(options, proxy(listen));
    store.laboratory.value = laboratory;
    await startAgain(connected, laboratory.digits);
  });
}

/** Trains on from where the run stands; a new run if it is done, or if it is untouched and the form was changed. */
export async function train(): Promise<void> {
  const { value: phase } = store.phase;
  if (phase !== "idle" && phase !== "starting" && phase !== "finished") return;
  await command("training", async (connected) => {
    if (phase === "finished" || (untouched.value && changed.value)) await startRun(connected);
    // Pause or Reset may have been pressed meanwhile.
    if (store.phase.value !== "training") return;
    rate.restart();
    await connected.train();
  });
}

export function pause(): void {
  if (store.phase.value !== "training") return;
  store.phase.value = "pausing";
  void service?.pause();
}

/** What the Space bar and the first button do. */
export async function toggleTraining(): Promise<void> {
  if (store.phase.value === "training") pause();
  else await train();
}

/** Does one training step. */
export async function step(): Promise<void> {
  if (store.phase.value !== "idle") return;
  await command("stepping", async (connected) => {
    if (untouched.value && changed.value) await startRun(connected);
    await connected.step();
  });
}

/** Puts a new run with the form's settings in the place of the old one; after a failure in a new Worker. */
export async function reset(): Promise<void> {
  const { value: phase } = store.phase;
  if (phase === "opening" || phase === "unsupported") return;
  if (phase === "failed") return open();
  void service?.pause();
  await command("starting", (connected) => startRun(connected));
}

/** Puts a new run with other images in the place of the old one; `files` are the person's that they are from, if any. */
export async function takeImages(images: ImagesSummary, files: OwnFiles | undefined): Promise<void> {
  const { value: phase } = store.phase;
  if (phase === "opening" || phase === "unsupported") return;
  if (phase === "failed") {
    store.files.value = files;
    return open();
  }
  void service?.pause();
  await command("starting", (connected) => startRun(connected, images, files));
}

/** Changes settings. A run that has not done a step follows at once, for it has nothing to lose. */
export function edit(change: Partial<Draft>): void {
  store.draft.value = { ...store.draft.value, ...change };
  store.refusal.value = undefined;
  clearTimeout(typing);
  typing = setTimeout(() => {
    const follows = store.phase.value === "idle" && untouched.value && changed.value;
    if (follows && reading.value.spec) void command("starting", (connected) => startRun(connected));
  }, typingPause);
}

/**
 * Asks the Worker for what changes nothing of the run; undefined if another Worker has taken its place since, or if it failed,
 * which `onError` is told of.
 */
export async function ask<T>(
  question: (connected: Remote<TrainingService>) => Promise<T>,
  onError = refuseOrFail,
): Promise<T | undefined> {
  const connected = service;
  if (!connected || store.phase.value === "failed") return undefined;
  try {
    const answer = await question(connected);
    return connected === service ? answer : undefined;
  } catch (error) {
    if (connected === service) onError(error);
    return undefined;
  }
}

/** What to tell a person of an error: one sentence. */
export function sentenceOf(error: unknown): string {
  const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
  const known = ["InputError", "GpuError", "DivergenceError"].includes(name);
  return known ? message : `Something unexpected happened: ${message}`;
}

function connect(): void {
  worker?.terminate();
  worker = new Worker(new URL("./worker/training-worker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    if (event.currentTarget !== worker) return;
    fail(new InputError("The part of the page that trains could not be loaded or has stopped."));
  });
  service = wrap<TrainingService>(worker);
  building = Promise.resolve();
  batch(() => {
    store.images.value = undefined;
    store.offer.value = undefined;
    store.progress.value = undefined;
    store.runSpec.value = undefined;
    store.epochs.value = [];
    store.results.scores.value = [];
    store.results.zoom.value = undefined;
    store.kernels.value = [];
    store.trial.work.value = undefined;
  });
}

/** Shows `phase` while `work` is under way and then where the run stands, unless another command has come since. */
async function command(phase: "opening" | "starting" | "training" | "stepping", work: Work): Promise<void> {
  const connected = service;
  if (!connected) return;
  commands += 1;
  const number = commands;
  store.phase.value = phase;
  try {
    await work(connected);
  } catch (error) {
    if (connected !== service) return;
    if (phase === "opening" || !isInputError(error)) return fail(error, phase === "opening");
    store.refusal.value = error.message;
  }
  if (number === commands) settle();
}

type Work = (connected: Remote<TrainingService>) => Promise<void>;

/** Builds a run in a new Worker, with the images of the old one where they can still be read. */
async function startAgain(connected: Remote<TrainingService>, digits: ImagesSummary): Promise<void> {
  const { value: files } = store.files;
  if (!files) return startRun(connected, digits);
  let images: ImagesSummary | undefined;
  try {
    images = await readOwnFiles(connected, files);
  } catch (error) {
    if (!isInputError(error)) throw error;
    await startRun(connected, digits);
    store.refusal.value = error.message;
    return;
  }
  await startRun(connected, images ?? digits, images && files);
}

/**
 * Builds a run with the form's settings, with other images or those that there are, after the one being built. Throws an
 * InputError when it cannot be, and the old run stays.
 */
function startRun(
  connected: Remote<TrainingService>,
  images?: ImagesSummary,
  files?: OwnFiles,
): Promise<void> {
  const built = building.then(() => (images ? build(connected, images, files) : rebuild(connected)));
  building = built.catch(() => {});
  return built;
}

async function rebuild(connected: Remote<TrainingService>): Promise<void> {
  const { value: images } = store.images;
  if (images) await build(connected, images, store.files.value);
}

async function build(
  connected: Remote<TrainingService>,
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
    store.epochs.value = [];
    store.results.zoom.value = undefined;
    store.stepsPerSecond.value = undefined;
    if (!others) return;
    store.pictures.value = undefined;
    store.labels.value = new Set();
  });
  if (others) await connected.show({ id: images.id, images: chooseImages(images, store.labels.value) });
}

function settle(): void {
  const { epoch = 0, epochs = 1 } = store.progress.value ?? {};
  store.phase.value = epoch < epochs ? "idle" : "finished";
  store.failure.value = undefined;
}

/** Shows what went wrong. Where the GPU was asked for and there is none, pressing Reset would not help. */
function fail(error: unknown, opening = false): void {
  const hopeless = opening && error instanceof Error && error.name === "GpuError";
  batch(() => {
    store.phase.value = hopeless ? "unsupported" : "failed";
    store.failure.value = sentenceOf(error);
    store.trial.work.value = undefined;
  });
}

function refuseOrFail(error: unknown): void {
  if (isInputError(error)) store.refusal.value = error.message;
  else fail(error);
}

/** Errors come from the Worker as copies, so that only their names tell them apart. */
function isInputError(error: unknown): error is Error {
  return error instanceof Error && error.name === "InputError";
}

function listen(event: TrainingEvent): void {
  switch (event.kind) {
    case "progress": {
      const { epoch, step: steps, stepsPerEpoch } = event.progress;
      store.progress.value = event.progress;
      if (store.phase.value !== "training") return;
      rate.add(performance.now(), epoch * stepsPerEpoch + steps);
      store.stepsPerSecond.value = rate.perSecond ?? store.stepsPerSecond.value;
      return;
    }
    case "epoch":
      store.epochs.value = [...store.epochs.value, event.record];
      return;
    case "scores":
      takeScores(event.scores);
      return;
    case "pictures":
      store.pictures.value = event.pictures;
      return;
    case "model":
      store.runs.model.value = event.model;
      return;
    case "launches":
      track.add(event.launches);
      return;
    case "kernels":
      store.kernels.value = event.kernels;
      return;
    case "fastest":
      rememberKernels(event.key, event.family);
  }
}

/** Scores of no epoch are those of a new run. */
function takeScores(scores: SampleScores): void {
  const { results } = store;
  results.scores.value = scores.epoch === 0 ? [scores] : [...results.scores.value, scores];
}
