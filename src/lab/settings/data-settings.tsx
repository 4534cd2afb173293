import { FileSetting } from "../images/file-setting.tsx";
import { takeDigits } from "../images/offers.ts";
import { ImagesDescription } from "../images/own-images.tsx";
import { edit } from "../run/actions.ts";
import { formatCount } from "../shared/format.ts";
import { SwitchSetting } from "../shared/switch-setting.tsx";
import { ownImages, store } from "../store.ts";
import { TextSetting } from "./fields.tsx";
import { noiseChoices } from "./noise-draft.ts";
import { NoiseSettings } from "./noise-settings.tsx";
import { SettingsGroup } from "./settings-group.tsx";

/** The pictures, and what is done to them before the network sees them. */
export function DataSettings({ open }: { readonly open: boolean }) {
  const { noiseChoice, noise, fixedNoise } = store.draft.value;
  const title = noiseChoices.find(({ value }) => value === noiseChoice)?.title;
  return (
    <SettingsGroup
      title="Data and noise"
      brief={noiseChoice === "none" ? "no noise" : `${title} ${noise}`}
      open={open}
    >
      <Images />
      <FileSetting />
      <NoiseSettings />
      <SwitchSetting
        id="setting-fresh"
        title="Fresh noise each epoch"
        help="Off, noise and shifts of the training pictures are drawn only once, and a large network learns them by heart."
        on={!fixedNoise}
        onSwitch={(on) => edit({ fixedNoise: !on })}
      />
      <TextSetting
        field="shift"
        title="Shift"
        help="Moves every training picture by up to so many pixels, drawn like its noise, so that a wide network learns less by heart."
      />
    </SettingsGroup>
  );
}

function Images() {
  const { value: images } = store.images;
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
      Handwritten digits of {images.rows} × {images.columns} pixels: {formatCount(images.trainingImages)} to
      learn from and {formatCount(images.validationImages)} held out to validate with.
    </p>
  );
}
