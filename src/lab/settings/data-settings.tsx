import { type NoiseKind, noiseKinds } from "../../spec/noise-kinds.ts";
import { takeDigits } from "../images/offers.ts";
import { FileSetting, ImagesDescription } from "../images/own-images.tsx";
import { ownImages } from "../images/state.ts";
import { runImages } from "../run/state.ts";
import { SelectSetting, SwitchSetting } from "../shared/controls.tsx";
import { formatCount } from "../shared/format.ts";
import { edit, sourceImages } from "./actions.ts";
import { chosenNoise, type NoiseChoice, noiseChoices } from "./draft-parts.ts";
import { SettingsGroup, TextSetting } from "./fields.tsx";
import { chosenSource, learnsFrom, sources } from "./presets.ts";
import { reading, settingsState } from "./state.ts";

/** The settings of the images, and of what is done to them before the network gets them. */
export function DataSettings({ open }: { readonly open: boolean }) {
  const { value: draft } = settingsState.draft;
  const { noiseChoice, noise, fixedNoise, selfSupervised, twins } = draft;
  const source = sources.find(({ value }) => value === twins)?.title.toLowerCase();
  const title = noiseChoices.find(({ value }) => value === noiseChoice)?.title;
  return (
    <SettingsGroup
      title="Data and noise"
      brief={source ?? (noiseChoice === "none" ? "no noise" : `${title} ${noise}`)}
      open={open}
    >
      <Images />
      <FileSetting />
      <SourceSettings />
      {twins === "none" && (
        <>
          <NoiseSettings />
          <SwitchSetting
            id="setting-fresh"
            title="Fresh noise each epoch"
            help={
              selfSupervised && noiseChoice !== "none"
                ? "Should be off: the noise is part of the pictures; it is drawn once."
                : "If off, noise and shifts of the training pictures are drawn only once, and a large network memorizes them."
            }
            on={!fixedNoise}
            onSwitch={(on) => edit({ fixedNoise: !on })}
          />
        </>
      )}
      <TextSetting
        field="shift"
        title="Shift"
        help="Shifts every training picture by up to this many pixels, drawn like its noise, so that a wide network memorizes less."
      />
    </SettingsGroup>
  );
}

function Images() {
  const { value: images } = runImages;
  if (!images) return <p class="setting-help">No images yet.</p>;
  if (ownImages.value) {
    return (
      <div>
        <ImagesDescription images={images} />
        <button type="button" class="button button-small" onClick={() => void takeDigits()}>
          Back to the digits
        </button>
      </div>
    );
  }
  return (
    <p class="setting-help">
      Handwritten digits of {images.rows} × {images.columns} pixels: {formatCount(images.trainingImages)} for
      training and {formatCount(images.validationImages)} held out for validation.
    </p>
  );
}

/** What the network learns from, and what belongs to that choice. */
function SourceSettings() {
  const { value: draft } = settingsState.draft;
  const chosen = learnsFrom(draft);
  return (
    <>
      <SelectSetting
        id="setting-source"
        title="What it learns from"
        help={sources.find(({ value }) => value === chosen)?.help}
        options={sources}
        chosen={chosen}
        fault={reading.value.faults.get("source")}
        onChoose={(source) => edit(chosenSource(draft, source, sourceImages()))}
      />
      {chosen === "noisy" && (
        <TextSetting
          field="mask"
          title="Mask"
          help="5x1 hides two neighbours to each side, for noise that is correlated along rows."
        />
      )}
    </>
  );
}

/** The range of a kind's slider, if it is not from 0 to 1. */
const sliders: { readonly [K in NoiseKind]?: { min: number; max: number; step: number } } = {
  poisson: { min: 1, max: 100, step: 1 },
  blur: { min: 0, max: 3, step: 0.1 },
};

/** The kind and the strength of the noise that is added to the images. */
function NoiseSettings() {
  const { value: draft } = settingsState.draft;
  return (
    <>
      <SelectSetting
        id="setting-noise-choice"
        title="Noise"
        help={helpOf(draft.noiseChoice)}
        options={noiseChoices}
        chosen={draft.noiseChoice}
        onChoose={(choice) => edit(chosenNoise(draft, choice))}
      />
      <NoiseText choice={draft.noiseChoice} text={draft.noise} />
    </>
  );
}

function helpOf(choice: NoiseChoice): string {
  if (choice === "none") return "The pictures as they are.";
  if (choice === "mixture") return "Up to four noises, each applied to the result of the one before.";
  // A word at the start is capitalized, but the x of a formula is not.
  return `${noiseKinds[choice].help.replace(/^[a-w]/, (letter) => letter.toUpperCase())}.`;
}

function NoiseText({ choice, text }: { readonly choice: NoiseChoice; readonly text: string }) {
  if (choice === "none") return null;
  if (choice === "mixture") {
    return (
      <TextSetting
        field="noise"
        title="Noises"
        help={
          'Joined by "+", as blur:1+poisson-gaussian:30:0.02; with "+unclipped" at the end nothing is clipped.'
        }
      />
    );
  }
  const title = settingTitle(choice);
  const { min, max, step } = sliders[choice] ?? { min: 0, max: 1, step: 0.05 };
  return (
    <TextSetting
      field="noise"
      title={title}
      help="A range, as 0.1..0.6, gives every picture its own number from it; 0.1..0.6^-2 draws small numbers more often."
    >
      <input
        class="slider"
        type="range"
        {...{ min, max, step }}
        value={Number(text) || 0}
        aria-label={`${title}, from ${min} to ${max}`}
        onInput={(event) => edit({ noise: event.currentTarget.value })}
      />
    </TextSetting>
  );
}

/** "The factor of Gaussian noise" without its article. */
function settingTitle(kind: NoiseKind): string {
  const words = noiseKinds[kind].setting.replace(/^The /, "");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
