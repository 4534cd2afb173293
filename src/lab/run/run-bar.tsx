import { continueRun, discardCheckpoints } from "../runs/continue-run.ts";
import { type ContinuableRun, continuableRuns, nextPlace, runsState } from "../runs/state.ts";
import { reading } from "../settings/state.ts";
import { reset, step, toggleTraining } from "./actions.ts";
import { KeysButton } from "./keys.tsx";
import { goOn } from "./rescue.ts";
import { keptRunId, keysState, type Phase, type Rescue, runSpec, runState, untouched } from "./state.ts";

/** Train or Pause, Step, Reset, and the run's progress. It stays visible while the page scrolls. */
export function RunBar() {
  const { value: phase } = runState.phase;
  const { value: keysOn } = keysState.on;
  const running = phase === "training" || phase === "pausing";
  const ready = phase !== "opening" && phase !== "failed" && startFault() === undefined;
  return (
    <section class="run-bar" aria-label="Run">
      <div class="run-buttons">
        <button
          type="button"
          class="button button-main"
          aria-disabled={!ready}
          aria-keyshortcuts={keysOn ? "Space" : undefined}
          onClick={() => void toggleTraining()}
        >
          <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
            <path d={running ? "M3 2h4v12h-4zM9 2h4v12h-4z" : "M3 1.5l11 6.5-11 6.5z"} />
          </svg>
          {running ? "Pause" : "Train"}
        </button>
        <button
          type="button"
          class="button"
          aria-disabled={phase !== "idle" && phase !== "starting" && phase !== "stepping"}
          aria-keyshortcuts={keysOn ? "s" : undefined}
          onClick={() => void step()}
        >
          Step
        </button>
        <button
          type="button"
          class="button"
          aria-disabled={phase === "opening"}
          aria-keyshortcuts={keysOn ? "r" : undefined}
          onClick={() => void reset()}
        >
          Reset
        </button>
      </div>
      <Progress />
      <div class="run-keys">
        {keysOn && (
          <p>
            <kbd>Space</kbd> train or pause <kbd>S</kbd> step <kbd>R</kbd> reset
          </p>
        )}
        <KeysButton />
      </div>
    </section>
  );
}

function Progress() {
  const { epoch = 0, epochs = 1, step: steps = 0, stepsPerEpoch = 1 } = runState.progress.value ?? {};
  const share = (epoch + steps / stepsPerEpoch) / epochs;
  return (
    <div class="run-progress">
      <div class="run-status-line">
        <p class="run-status" role="status">
          {startFault() ?? statusOf(runState.phase.value)}
        </p>
        <SavedNote />
      </div>
      <div
        class="bar"
        role="progressbar"
        aria-label="Epochs done"
        aria-valuemin={0}
        aria-valuemax={epochs}
        aria-valuenow={epoch}
      >
        <div class="bar-done" style={{ transform: `scaleX(${share})` }} />
      </div>
    </div>
  );
}

/** What is wrong with the settings, if Train would start a run with them. */
function startFault(): string | undefined {
  const { value: phase } = runState.phase;
  const starts = phase === "finished" || (phase === "idle" && untouched.value);
  const [fault] = reading.value.faults.values();
  return starts ? fault : undefined;
}

function statusOf(phase: Phase): string {
  switch (phase) {
    case "opening":
      return "Looking for a GPU and reading the images…";
    case "starting":
      return "Building the network…";
    case "training":
      return "Training";
    case "pausing":
      return "Pausing…";
    case "finished":
      return "Finished: Train starts a new run.";
    case "failed":
      return "Stopped: press Reset to start again.";
    case "unsupported":
      return "";
    case "idle":
    case "stepping":
      return untouched.value ? "Ready: press Train." : "Paused";
  }
}

/** The place of the latest stored checkpoint, from which the run can continue after a crash or a reload. */
function SavedNote() {
  const { saved, kept } = runsState;
  const { place } = saved.value ?? {};
  const isKept = kept.value.some(({ id }) => id === keptRunId.value);
  if (!place || !isKept) return null;
  return (
    <p class="run-saved" title="The run can continue from there after a reload, a crash or a power cut">
      Saved: epoch {place.step > 0 ? `${place.epoch + 1}, step ${place.step}` : place.epoch}
    </p>
  );
}

/** The error that stopped the run, and what can be done about it. */
export function FailureNotice() {
  const { value: failure } = runState.failure;
  const { value: rescue } = runState.rescue;
  if (runState.phase.value !== "failed" || failure === undefined) return null;
  return (
    <div class="notice notice-failure" role="alert">
      <p>
        <strong>The run has stopped.</strong> {failure}
      </p>
      {rescue && (
        <p>
          What it has trained so far is not lost.{" "}
          <button type="button" class="button button-small" onClick={() => void goOn()}>
            {rescueWords(rescue)}
          </button>
        </p>
      )}
      <p>
        {rescue ? "Or press" : "Press"} Reset to start again with the current settings. If that does not help,
        reload the page.
      </p>
    </div>
  );
}

/** "Continue on the CPU from epoch 7" */
function rescueWords({ backend, spec, place }: Rescue): string {
  const { optimizer } = runSpec.value ?? {};
  const from = `from ${nextPlace(place)}`;
  if (backend !== runState.laboratory.value?.backend) return `Continue on the CPU ${from}`;
  return optimizer?.lr === spec.optimizer.lr
    ? `Continue ${from}`
    : `Continue ${from} with the learning rate ${spec.optimizer.lr}`;
}

/** Why a run that continues was interrupted, and why it could not be saved; screen readers announce it when it appears. */
export function RunNotices() {
  const { unsaved, storageFault } = runsState;
  return (
    <div class="notices" role="status">
      {runState.recovery.value !== undefined && <p class="notice">{runState.recovery.value}</p>}
      {unsaved.value !== undefined && storageFault.value === undefined && (
        <p class="notice">{unsaved.value}</p>
      )}
    </div>
  );
}

/** The runs that were interrupted, for example by a reload: each can be continued while the page's own run is untrained. */
export function ContinueOffers() {
  const offers = untouched.value && runState.epochs.value.length === 0 ? continuableRuns.value : [];
  return (
    <div class="notices" role="status">
      {offers.map((offer) => (
        <ContinueOffer key={offer.run.id} offer={offer} />
      ))}
    </div>
  );
}

/** "Continue 784-32-784 from epoch 8 of 100?" */
function ContinueOffer({ offer: { run, place } }: { readonly offer: ContinuableRun }) {
  const wanted = runsState.wanted.value === run.id;
  return (
    <div class="notice continue-offer">
      <p>
        <strong>{run.name}</strong> is saved and can continue from {nextPlace(place)} of {run.spec.epochs}.
        {wanted &&
          ` It needs its images for that: choose ${filesOf(run.images.files)} again, or drop them here${run.images.twins ? `, and then ${filesOf(run.images.twins)} as their noisy twins` : ""}.`}
      </p>
      <p class="continue-buttons">
        <button
          type="button"
          class="button button-small"
          aria-disabled={wanted}
          aria-label={`Continue ${run.name}`}
          onClick={() => void continueRun(run)}
        >
          Continue
        </button>
        <button
          type="button"
          class="button button-small"
          aria-label={`Discard what is saved of ${run.name}`}
          onClick={() => void discardCheckpoints(run)}
        >
          Discard
        </button>
      </p>
    </div>
  );
}

function filesOf(names: readonly string[]): string {
  return new Intl.ListFormat("en").format(names);
}
