import { proxy } from "comlink";
import type { OwnFiles } from "../images/own-pictures.ts";
import { pretrainedSize, suitsPretrained } from "../images/rows.ts";
import type { ImagesSummary } from "../images/summary.ts";
import type { OpenOptions } from "../protocol.ts";
import type { Draft } from "../settings/draft.ts";
import { changed, reading, store, untouched } from "../store.ts";
import { buildFirstRun, buildRun, forgetRun, whenBuilt } from "./build-run.ts";
import { fail, isInputError } from "./failures.ts";
import { isProfiling, rememberedKernels, wantedBackend, wantedKernels } from "./options.ts";
import { calmerSpec } from "./rescue.ts";
import { restartRate, takeEvent } from "./worker-events.ts";
import { connect, currentLink, type TrainingLink } from "./worker-link.ts";

/** Milliseconds from the last keystroke until an untouched run, and the address, follow the form. */
export const typingPause = 250;

let commands = 0;
let typing: ReturnType<typeof setTimeout> | undefined;

/** Starts the Worker and builds a run with the form's settings, or says why that cannot be. */
export async function open(): Promise<void> {
  connect();
  forgetRun();
  await command("opening", async (connected) => {
    const address = new URLSearchParams(window.location.search);
    const options = {
      backend: wantedBackend(address),
      base: document.baseURI,
      profile: isProfiling(),
      kernels: wantedKernels(address),
      rememberedKernels: rememberedKernels(),
      ...expected(),
    };
    const laboratory = await connected.open(options, proxy(takeEvent));
    store.laboratory.value = laboratory;
    await buildFirstRun(connected, laboratory.digits);
  });
}

/** What will be wanted as soon as the Worker is open, as far as it is known. */
function expected(): Pick<OpenOptions, "spec" | "model"> {
  const { spec } = reading.value;
  if (!spec || store.files.value) return {};
  const pretrained = suitsPretrained(spec.noise, pretrainedSize);
  return { spec, model: pretrained ? { kind: "shipped", name: "digits" } : undefined };
}

/**
 * Trains on from where the run stands; a new run if it is done, or if it is untouched and the form was changed. While a run starts or
 * does a step, the training follows: the Worker does one thing after the other.
 */
export async function train(): Promise<void> {
  const { value: phase } = store.phase;
  if (phase !== "idle" && phase !== "starting" && phase !== "stepping" && phase !== "finished") return;
  await command("training", async (connected) => {
    if (phase === "finished" || (untouched.value && changed.value)) await buildRun(connected);
    // Pause or Reset may have been pressed meanwhile.
    if (store.phase.value !== "training") return;
    restartRate();
    await connected.train();
  });
}

function pause(): void {
  if (store.phase.value !== "training") return;
  store.phase.value = "pausing";
  void currentLink()?.pause();
}

/** What the Space bar and the first button do. */
export async function toggleTraining(): Promise<void> {
  if (store.phase.value === "training") pause();
  else await train();
}

/** Does one training step. While a run starts or does a step, this one follows: the Worker does one thing after the other. */
export async function step(): Promise<void> {
  const { value: phase } = store.phase;
  if (phase !== "idle" && phase !== "starting" && phase !== "stepping") return;
  await command("stepping", async (connected) => {
    if (phase === "starting") await whenBuilt(connected);
    if (phase !== "stepping" && untouched.value && changed.value) await buildRun(connected);
    await connected.step();
  });
}

/** Puts a new run with the form's settings in the place of the old one; after a failure in a new Worker. */
export async function reset(): Promise<void> {
  const { value: phase } = store.phase;
  if (phase === "opening" || phase === "unsupported") return;
  if (phase === "failed") return open();
  void currentLink()?.pause();
  await command("starting", (connected) => buildRun(connected));
}

/** Puts a new run with other images in the place of the old one; `files` are the person's that they are from, if any. */
export async function takeImages(images: ImagesSummary, files: OwnFiles | undefined): Promise<void> {
  const { value: phase } = store.phase;
  if (phase === "opening" || phase === "unsupported") return;
  if (phase === "failed") {
    store.files.value = files;
    return open();
  }
  void currentLink()?.pause();
  await command("starting", (connected) => buildRun(connected, images, files));
}

/** Changes settings. A run that has not done a step follows at once, for it has nothing to lose. */
export function edit(change: Partial<Draft>): void {
  store.draft.value = { ...store.draft.value, ...change };
  store.refusal.value = undefined;
  clearTimeout(typing);
  typing = setTimeout(() => {
    const follows = store.phase.value === "idle" && untouched.value && changed.value;
    if (follows && reading.value.spec) void command("starting", (connected) => buildRun(connected));
  }, typingPause);
}

type Work = (connected: TrainingLink) => Promise<void>;

/** Finds out how a run can go on that has stopped, if it can. */
async function findRescue(connected: TrainingLink, error: unknown): Promise<void> {
  const { value: spec } = store.runSpec;
  const { value: laboratory } = store.laboratory;
  const { name } = error instanceof Error ? error : { name: "" };
  const diverged = name === "DivergenceError";
  if (!spec || !laboratory || !(diverged || name === "GpuError")) return;
  const place = await connected.readLastGood().catch(() => undefined);
  if (!place || connected !== currentLink() || store.phase.value !== "failed") return;
  store.rescue.value = diverged
    ? { place, backend: laboratory.backend, spec: calmerSpec(spec, reading.value.spec) }
    : { place, backend: "cpu", spec };
}

/** Shows `phase` while `work` is under way and then where the run stands, unless another command has come since. */
export async function command(
  phase: "opening" | "starting" | "training" | "stepping",
  work: Work,
): Promise<void> {
  const connected = currentLink();
  if (!connected) return;
  commands += 1;
  const number = commands;
  store.phase.value = phase;
  store.rescue.value = undefined;
  try {
    await work(connected);
  } catch (error) {
    if (connected !== currentLink()) return;
    if (phase === "opening" || !isInputError(error)) {
      fail(error, phase === "opening");
      return findRescue(connected, error);
    }
    store.refusal.value = error.message;
  }
  if (number === commands) settle();
}

function settle(): void {
  const { epoch = 0, epochs = 1 } = store.progress.value ?? {};
  store.phase.value = epoch < epochs ? "idle" : "finished";
  store.failure.value = undefined;
}
