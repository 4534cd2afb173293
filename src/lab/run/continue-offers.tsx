import { type ContinuableRun, nextPlace } from "../runs/continuable.ts";
import { continueRun, discardCheckpoints } from "../runs/continue-run.ts";
import { continuableRuns, store, untouched } from "../store.ts";

/** The runs that were cut short, as by a reload: each can be gone on with, as long as the page's own run has done nothing. */
export function ContinueOffers() {
  const offers = untouched.value && store.epochs.value.length === 0 ? continuableRuns.value : [];
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
  const wanted = store.runs.wanted.value === run.id;
  return (
    <div class="notice continue-offer">
      <p>
        <strong>{run.name}</strong> is saved and can go on from {nextPlace(place)} of {run.spec.epochs}.
        {wanted &&
          ` It needs its images for that: choose ${filesOf(run.images.files)} again, or drop them here.`}
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
