import { continueRun, discardCheckpoints } from "../runs/continue-run.ts";
import { type ContinuableRun, continuableRuns, nextPlace, runsState } from "../runs/state.ts";
import { goOn } from "./rescue.ts";
import { type Rescue, runSpec, runState, untouched } from "./state.ts";

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
