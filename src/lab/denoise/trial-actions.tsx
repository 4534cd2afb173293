import { store } from "../store.ts";
import { cancelDenoising, canDenoise, denoise } from "./trial.ts";

/** Denoise or Cancel, and how far it has come. */
export function TrialActions() {
  const { value: work } = store.trial.work;
  const denoising = work?.kind === "denoising";
  return (
    <div class="trial-actions">
      {denoising ? (
        <button type="button" class="button" onClick={() => void cancelDenoising()}>
          Cancel
        </button>
      ) : (
        <button
          type="button"
          class="button button-main"
          aria-disabled={!canDenoise()}
          onClick={() => void denoise()}
        >
          Denoise
        </button>
      )}
      <div class="trial-progress">
        <p role="status">{denoising && `Denoising ${work.name}…`}</p>
        {denoising && <Share />}
      </div>
    </div>
  );
}

function Share() {
  const { value: share } = store.trial.share;
  return (
    <div
      class="bar"
      role="progressbar"
      aria-label="Windows denoised"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * share)}
    >
      <div class="bar-done" style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}
