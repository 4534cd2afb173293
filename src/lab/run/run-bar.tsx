import { runsState } from "../runs/state.ts";
import { reading } from "../settings/state.ts";
import { reset, step, toggleTraining } from "./actions.ts";
import { KeysButton } from "./keys.tsx";
import { keptRunId, keysState, type Phase, runState, untouched } from "./state.ts";

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
