import { formatSize } from "../shared/format.ts";
import { PickedFile } from "../shared/picked-file.tsx";
import { store } from "../store.ts";
import { Comparison } from "./before-after.tsx";
import { tryPicture } from "./trial.ts";
import { TrialActions } from "./trial-actions.tsx";
import { TrialResult } from "./trial-result.tsx";

/** A picture of the person's own, before and after the network. */
export function TrialPicture() {
  const { value: picture } = store.trial.picture;
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

/** Which picture, and how much noise is put on it. */
function ChosenPicture() {
  const { value: picture } = store.trial.picture;
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
  const { value: factor } = store.trial.noise;
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
        onInput={(event) => {
          store.trial.noise.value = event.currentTarget.valueAsNumber;
        }}
      />
      <p class="setting-help" id="trial-noise-help">
        <output for="trial-noise">{text}</output>: Gaussian, the same every time, for a picture that is clean.
      </p>
    </div>
  );
}
