import { proxy } from "comlink";
import type { TrainingSpec } from "../../spec/settings.ts";
import type { OwnFiles } from "../images/own-pictures.ts";
import { imagesState, pretrainedSize, suitsPretrained, takeFiles } from "../images/state.ts";
import type { ImagesSummary } from "../images/summary.ts";
import type { OpenOptions } from "../protocol.ts";
import { changed, reading, refuse } from "../settings/state.ts";
import { viewState, whenVisited } from "../views/state.ts";
import { buildFirstRun, buildRun, forgetRun, whenBuilt } from "./build-run.ts";
import { isProfiling, rememberedKernels, wantedBackend, wantedKernels, wantedThreads } from "./options.ts";
import { runSpec, runState, untouched } from "./state.ts";
import { restartRate, takeEvent } from "./worker-events.ts";
import { connect, currentLink, fail, isInputError, type TrainingLink } from "./worker-link.ts";

/** Starts the Worker and builds a run with the form's settings, or reports why this is impossible. */
export async function open(): Promise<void> {
  connect();
  forgetRun();
  await command("opening", async (connected) => {
    const address = new URLSearchParams(window.location.search);
    const options = {
      backend: wantedBackend(address),
      threads: wantedThreads(address),
      base: document.baseURI,
      profile: isProfiling(),
      kernels: wantedKernels(address),
      rememberedKernels: rememberedKernels(),
      ...expected(),
    };
    const laboratory = await connected.open(options, proxy(takeEvent));
    runState.laboratory.value = laboratory;
    // The first run takes all cores for a while, which pictures would wait for.
    await whenVisited("train");
    const digits = await connected.readDigits();
    runState.digits.value = digits;
    await buildFirstRun(connected, digits);
  });
}

/** What will be requested from the Worker as soon as it is open, if it is known. */
function expected(): Pick<OpenOptions, "spec" | "model"> {
  const { spec } = reading.value;
  if (!spec || imagesState.files.value || viewState.view.value !== "train") return {};
  const pretrained = suitsPretrained(spec.noise, pretrainedSize);
  return { spec, model: pretrained ? { kind: "shipped", name: "digits" } : undefined };
}

/**
 * Continues to train the run; trains a new one if it is finished, or if it is untouched and the form was changed. While a run
 * starts or does a step, the training follows: the Worker does one command after the other.
 */
export async function train(): Promise<void> {
  const { value: phase } = runState.phase;
  if (phase !== "idle" && phase !== "starting" && phase !== "stepping" && phase !== "finished") return;
  await command("training", async (connected) => {
    if (phase === "finished" || (untouched.value && changed.value)) await buildRun(connected);
    // Pause or Reset may have been pressed meanwhile.
    if (runState.phase.value !== "training") return;
    restartRate();
    await connected.train();
  });
}

function pause(): void {
  if (runState.phase.value !== "training") return;
  runState.phase.value = "pausing";
  void currentLink()?.pause();
}

/** The action of the Space bar and of the first button. */
export async function toggleTraining(): Promise<void> {
  if (runState.phase.value === "training") pause();
  else await train();
}

/** Does one training step. While a run starts or does a step, this one follows: the Worker does one command after the other. */
export async function step(): Promise<void> {
  const { value: phase } = runState.phase;
  if (phase !== "idle" && phase !== "starting" && phase !== "stepping") return;
  await command("stepping", async (connected) => {
    if (phase === "starting") await whenBuilt(connected);
    if (phase !== "stepping" && untouched.value && changed.value) await buildRun(connected);
    await connected.step();
  });
}

/** Replaces the run by a new one with the form's settings; after a failure it starts a new Worker. */
export async function reset(): Promise<void> {
  const { value: phase } = runState.phase;
  if (phase === "opening" || phase === "unsupported") return;
  if (phase === "failed") return open();
  void currentLink()?.pause();
  await command("starting", (connected) => buildRun(connected));
}

/** Replaces the run by a new one with other images; `files` are the user's files that contain them, if any. */
export async function takeImages(images: ImagesSummary, files: OwnFiles | undefined): Promise<void> {
  const { value: phase } = runState.phase;
  if (phase === "opening" || phase === "unsupported") return;
  if (phase === "failed") {
    takeFiles(files);
    return open();
  }
  void currentLink()?.pause();
  await command("starting", (connected) => buildRun(connected, images, files));
}

type Work = (connected: TrainingLink) => Promise<void>;

/** Finds out whether and how a run that was stopped by an error can be continued. */
async function findRescue(connected: TrainingLink, error: unknown): Promise<void> {
  const { value: spec } = runSpec;
  const { value: laboratory } = runState.laboratory;
  const { name } = error instanceof Error ? error : { name: "" };
  const diverged = name === "DivergenceError";
  if (!spec || !laboratory || !(diverged || name === "DeviceError")) return;
  const place = await connected.readLastGood().catch(() => undefined);
  if (!place || connected !== currentLink() || runState.phase.value !== "failed") return;
  runState.rescue.value = diverged
    ? { place, backend: laboratory.backend, spec: calmerSpec(spec, reading.value.spec) }
    : { place, backend: "cpu", spec };
}

/** Shows `phase` during `work`, and afterwards the state of the run, unless another command was given since. */
export async function command(
  phase: "opening" | "starting" | "training" | "stepping",
  work: Work,
): Promise<void> {
  const connected = currentLink();
  if (!connected) return;
  const latest = Symbol();
  runState.command.value = latest;
  runState.phase.value = phase;
  runState.rescue.value = undefined;
  try {
    await work(connected);
  } catch (error) {
    if (connected !== currentLink()) return;
    if (phase === "opening" || !isInputError(error)) {
      fail(error, phase === "opening");
      return findRescue(connected, error);
    }
    refuse(error.message);
  }
  if (runState.command.value === latest) settle();
}

function settle(): void {
  const { epoch = 0, epochs = 1 } = runState.progress.value ?? {};
  runState.phase.value = epoch < epochs ? "idle" : "finished";
  runState.failure.value = undefined;
}

/** The learning rate of a run that diverged is divided by this, unless the user has lowered it. */
const lowering = 10;

/** Settings for a run that diverged: the form's optimizer if its learning rate is lower, otherwise a tenth of the run's rate. */
export function calmerSpec(spec: TrainingSpec, form: TrainingSpec | undefined): TrainingSpec {
  const { optimizer } = spec;
  if (form?.optimizer.name === optimizer.name && form.optimizer.lr < optimizer.lr) {
    return { ...spec, optimizer: form.optimizer, schedule: form.schedule };
  }
  return { ...spec, optimizer: { ...optimizer, lr: Number((optimizer.lr / lowering).toPrecision(6)) } };
}
