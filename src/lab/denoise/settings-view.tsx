import { PickedFile, SelectSetting } from "../shared/controls.tsx";
import { networkWords } from "../shared/format.ts";
import { applyToAll, choose, chooseNetwork, useModel } from "./actions.ts";
import { choices, counts, denoiseState, networkChoices, shownPicture, strengthWords } from "./state.ts";

/** How the shown picture is denoised. */
export function PictureSettings() {
  const { value: chosen } = choices;
  return (
    <section class="card picture-settings" aria-labelledby="picture-settings-title">
      <h2 id="picture-settings-title">Settings</h2>
      <SelectSetting
        id="picture-network"
        title="Network"
        help={<NetworkHelp />}
        options={networkChoices.value}
        chosen={chosen.network}
        onChoose={chooseNetwork}
      />
      {chosen.network === "file" && <ModelFile />}
      {chosen.network !== "self" && <Strength />}
      <Blend />
      <AddedNoise />
      {counts.value.all > 1 && (
        <button type="button" class="button button-small" onClick={applyToAll}>
          Use for all {counts.value.all} pictures
        </button>
      )}
    </section>
  );
}

function NetworkHelp() {
  switch (choices.value.network) {
    case "suitable":
      return "The one for photographs; the one for digits if the picture is one: grey, 28 × 28 pixels.";
    case "photo":
      return "Trained on photographs.";
    case "digits":
      return "Trained on handwritten digits with strong noise.";
    case "self":
      return "Needs no model and no strength, and takes about a minute without a GPU; the noise must be independent from pixel to pixel.";
    case "run":
      return "The network that this page trains, as it is now.";
    case "file":
      return "A safetensors file written by train.";
    default:
      return "The weights of a run that this browser keeps.";
  }
}

function ModelFile() {
  const { value: model } = denoiseState.model;
  return (
    <PickedFile
      id="picture-model"
      title="Use a model file"
      accept=".safetensors"
      onPick={(file) => void useModel(file)}
    >
      {model ? (
        <>
          In use: <strong>{model.source.file.name}</strong>, {networkWords(model.network)}.
        </>
      ) : (
        "Choose a file, or drop it anywhere. It stays in this tab."
      )}
    </PickedFile>
  );
}

interface SliderProps {
  readonly id: string;
  readonly title: string;
  /** The value in words. */
  readonly text: string;
  readonly help: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  readonly off?: boolean;
  readonly onMove: (value: number) => void;
}

function Slider({ id, title, text, help, min, max, step, value, off = false, onMove }: SliderProps) {
  return (
    <div class="setting">
      <div class="slider-head">
        <label for={id}>{title}</label>
        <output for={id}>{text}</output>
      </div>
      <input
        id={id}
        class="slider"
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        disabled={off}
        aria-valuetext={text}
        aria-describedby={`${id}-help`}
        onInput={(event) => onMove(event.currentTarget.valueAsNumber)}
      />
      <p class="setting-help" id={`${id}-help`}>
        {help}
      </p>
    </div>
  );
}

/** The strongest noise that can be chosen, relative to the estimate, which finds about half of a camera's noise: see docs/results.md. */
const mostStrength = 4;

/** How much noise the network takes to be in the picture. */
function Strength() {
  const { value: picture } = shownPicture;
  const { strength } = choices.value;
  const { estimate, network } = picture?.result ?? {};
  const fixed = network !== undefined && !network.noiseMap;
  const told = estimate === undefined || estimate === 0 ? "" : `: ${strengthWords(strength * estimate)}`;
  return (
    <Slider
      id="picture-strength"
      title="Strength"
      text={`× ${strength.toFixed(2)}${fixed ? "" : told}`}
      help={
        fixed
          ? "This network was trained for one strength of noise: use the blend."
          : "Of the noise, relative to the estimate: less keeps more detail."
      }
      min={0.25}
      max={mostStrength}
      step={0.05}
      value={strength}
      off={fixed}
      onMove={(value) => choose({ strength: value })}
    />
  );
}

/** How much of the network's result is used. */
function Blend() {
  const { blend } = choices.value;
  return (
    <Slider
      id="picture-blend"
      title="Blend"
      text={`${Math.round(100 * blend)} %`}
      help="The share of the result; the rest is the picture before."
      min={0}
      max={1}
      step={0.05}
      value={blend}
      onMove={(value) => choose({ blend: value })}
    />
  );
}

/** Noise for pictures that have none, to see what the network does. */
function AddedNoise() {
  const { noise } = choices.value;
  return (
    <details class="added-noise">
      <summary>Add noise to a clean picture</summary>
      <Slider
        id="picture-noise"
        title="Added noise"
        text={noise === 0 ? "none" : strengthWords(noise)}
        help="Gaussian, the same every time."
        min={0}
        max={0.3}
        step={0.01}
        value={noise}
        onMove={(value) => choose({ noise: value })}
      />
    </details>
  );
}
