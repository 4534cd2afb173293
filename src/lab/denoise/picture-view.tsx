import { PickedFile } from "../shared/controls.tsx";
import { formatDuration, formatSize } from "../shared/format.ts";
import { Comparison } from "./before-after.tsx";
import { trialState } from "./state.ts";
import { cancelDenoising, canDenoise, denoise, download, setNoise, tryPicture } from "./trial.ts";
import { networkWords, whereRunStood } from "./words.ts";

/** The user's own picture, before and after the network. */
export function TrialPicture() {
  const { value: picture } = trialState.picture;
  return (
    <>
      <div class="try-it-settings">
        <ChosenPicture />
      </div>
      <TrialActions />
      {picture && <Comparison picture={picture} />}
      <TrialResult />
    </>
  );
}

/** The picture that was chosen, and how much noise is added to it. */
function ChosenPicture() {
  const { value: picture } = trialState.picture;
  return (
    <>
      <PickedFile
        id="trial-picture"
        title="Picture"
        accept="image/png,image/jpeg,image/webp"
        onPick={(file) => void tryPicture(file)}
      >
        {picture ? (
          <>
            <strong>{picture.name}</strong>, {formatSize(picture.pixels)}
          </>
        ) : (
          "Choose a PNG, JPEG or WebP, drop it anywhere on the page, or paste it. It stays in this tab."
        )}
      </PickedFile>
      <AddedNoise />
    </>
  );
}

function AddedNoise() {
  const { value: factor } = trialState.noise;
  const text = factor === 0 ? "none" : `factor ${factor}`;
  return (
    <div class="setting">
      <label for="trial-noise">Added noise</label>
      <input
        id="trial-noise"
        class="slider"
        type="range"
        min={0}
        max={1}
        step={0.05}
        value={factor}
        aria-valuetext={text}
        aria-describedby="trial-noise-help"
        onInput={(event) => setNoise(event.currentTarget.valueAsNumber)}
      />
      <p class="setting-help" id="trial-noise-help">
        <output for="trial-noise">{text}</output>: Gaussian, the same every time, for a picture that is clean.
      </p>
    </div>
  );
}

/** Denoise or Cancel, and the progress. */
function TrialActions() {
  const { value: work } = trialState.work;
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
  const { value: share } = trialState.share;
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

/** A summary of the result with its time, and a button that saves it. */
function TrialResult() {
  const { value: result } = trialState.result;
  if (!result) return null;
  const { after, seconds, modelName, network, progress } = result;
  return (
    <div class="trial-result">
      <p id="trial-result">
        {formatSize(after)} in {formatDuration(seconds)}, by {modelName ?? whereRunStood(progress)}:{" "}
        {networkWords(network)}.
      </p>
      <button type="button" class="button button-small" onClick={() => void download()}>
        Download PNG
      </button>
    </div>
  );
}
