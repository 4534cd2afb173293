import { batch } from "@preact/signals";
import { proxy, type Remote, wrap } from "comlink";
import { last } from "../math/last.ts";
import { InputError } from "../spec/input-error.ts";
import { chooseImages } from "./choose-images.ts";
import { GpuTrack } from "./gpu-track.ts";
import { rememberedKernels, rememberKernels, wantedKernels } from "./kernel-memory.ts";
import type { Draft } from "./settings/draft.ts";
import { StepRate } from "./step-rate.ts";
import { changed, reading, store, untouched } from "./store.ts";
import { missingSupport } from "./support.ts";
import type { TrainingEvent, TrainingService } from "./worker/training-service.ts";

/** Milliseconds from the last keystroke until an untouched run follows the form. */
const typingPause = 250;

const rate = new StepRate();
const track = new GpuTrack();

let worker: Worker | undefined;
let service: Remote<TrainingService> | undefined;
let commands = 0;
let typing: ReturnType<typeof setTimeout> | undefined;

/** Starts the Worker and builds a run with the form's settings, or says why this browser cannot. */
export async function open(): Promise<void> {
  store.failure.value = missingSupport();
  if (store.failure.value !== undefined) {
    store.phase.value = "unsupported";
    return;
  }
  connect();
  await command("opening", async (connected) => {
    const options = {
      base: document.baseURI,
      profile: store.profiling,
      kernels: wantedKernels(new URLSearchParams(window.location.search)),
      rememberedKernels: rememberedKernels(),
    };
    const laboratory = await connected.open(options, proxy(listen));
    store.laboratory.value = laboratory;
    await connected.show(chooseImages(laboratory.validation, store.labels.value));
    await startRun(connected);
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
  await command("starting", startRun);
}

/** Changes settings. A run that has not done a step follows at once, for it has nothing to lose. */
export function edit(change: Partial<Draft>): void {
  store.draft.value = { ...store.draft.value, ...change };
  store.refusal.value = undefined;
  clearTimeout(typing);
  typing = setTimeout(() => {
    const follows = store.phase.value === "idle" && untouched.value && changed.value;
    if (follows && reading.value.spec) void command("starting", startRun);
  }, typingPause);
}

/** Pictures other images with the chosen labels. */
export async function showOthers(): Promise<void> {
  const { value: laboratory } = store.laboratory;
  const connected = service;
  if (!laboratory || !connected || store.phase.value === "failed") return;
  try {
    await connected.show(chooseImages(laboratory.validation, store.labels.value));
  } catch (error) {
    if (connected === service) fail(error);
  }
}

/** Chooses a label to picture, or drops it. */
export async function toggleLabel(label: number): Promise<void> {
  const labels = new Set(store.labels.value);
  if (!labels.delete(label)) labels.add(label);
  store.labels.value = labels;
  await showOthers();
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
  batch(() => {
    store.progress.value = undefined;
    store.runSpec.value = undefined;
    store.epochs.value = [];
    store.kernels.value = [];
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

async function startRun(connected: Remote<TrainingService>): Promise<void> {
  const { spec, faults } = reading.value;
  if (!spec) throw new InputError(`A new run needs this corrected first: ${last([...faults.values()])}`);
  await connected.start(spec);
  batch(() => {
    store.runSpec.value = spec;
    store.refusal.value = undefined;
    store.epochs.value = [];
    store.stepsPerSecond.value = undefined;
  });
}

function settle(): void {
  const { epoch = 0, epochs = 1 } = store.progress.value ?? {};
  store.phase.value = epoch < epochs ? "idle" : "finished";
  store.failure.value = undefined;
}

/** Shows what went wrong. Where there was no GPU to begin with, pressing Reset would not help. */
function fail(error: unknown, opening = false): void {
  const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
  const known = ["InputError", "GpuError", "DivergenceError"].includes(name);
  batch(() => {
    store.phase.value = opening && name === "GpuError" ? "unsupported" : "failed";
    store.failure.value = known ? message : `Something unexpected happened: ${message}`;
  });
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
    case "pictures":
      store.pictures.value = event.pictures;
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
