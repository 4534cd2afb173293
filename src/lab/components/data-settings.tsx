import { formatCount } from "../format.ts";
import { edit } from "../run-control.ts";
import { store } from "../store.ts";
import { SettingsGroup } from "./settings-group.tsx";
import { SwitchSetting } from "./switch-setting.tsx";
import { TextSetting } from "./text-setting.tsx";

/** The pictures, and what is done to them before the network sees them. */
export function DataSettings({ open }: { readonly open: boolean }) {
  const { noise, fixedNoise } = store.draft.value;
  return (
    <SettingsGroup title="Data and noise" brief={`Gaussian ${noise}`} open={open}>
      <Images />
      <TextSetting
        field="noise"
        title="Noise factor"
        help="How thick the snow is: every pixel gets a normal random number times this, then is cut off at black and white."
      >
        <input
          class="slider"
          type="range"
          min="0"
          max="1"
          step="0.05"
          value={Number(noise) || 0}
          aria-label="Noise factor, from 0 to 1"
          onInput={(event) => edit({ noise: event.currentTarget.value })}
        />
      </TextSetting>
      <SwitchSetting
        id="setting-fresh"
        title="Fresh noise each epoch"
        help="Off, the noise of the training pictures is drawn only once, and a large network learns it by heart."
        on={!fixedNoise}
        onSwitch={(on) => edit({ fixedNoise: !on })}
      />
    </SettingsGroup>
  );
}

function Images() {
  const { value: laboratory } = store.laboratory;
  if (!laboratory) return <p class="setting-help">Handwritten digits</p>;
  const { trainingImages, validation } = laboratory;
  return (
    <p class="setting-help">
      Handwritten digits of {validation.rows} × {validation.columns} pixels: {formatCount(trainingImages)} to
      learn from and {formatCount(validation.count)} held out to validate with.
    </p>
  );
}
