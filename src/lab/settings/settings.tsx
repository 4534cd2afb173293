import { useRef } from "preact/hooks";
import { OfferedImages } from "../images/offered-images.tsx";
import type { OwnFiles } from "../images/own-pictures.ts";
import { imagesState } from "../images/state.ts";
import { untouched } from "../run/state.ts";
import { copyLink, edit, sourceImages } from "./actions.ts";
import { DataSettings } from "./data-settings.tsx";
import { SettingsGroup } from "./fields.tsx";
import { NetworkSettings } from "./network-settings.tsx";
import { presetFor, presetNames, presetOf, presets } from "./presets.ts";
import { changed, settingsState } from "./state.ts";
import { OptimizerSettings, TrainingSettings } from "./training-settings.tsx";

/** All settings, in the order in which a run uses them. */
export function Settings() {
  // If the page has one column, the results should not be below a long form.
  const open = useRef(window.matchMedia("(min-width: 62rem)").matches).current;
  return (
    <form class="settings" aria-label="Settings" onSubmit={(event) => event.preventDefault()}>
      <Notices />
      <OfferedImages />
      <PresetSettings open={open} />
      <DataSettings open={open} />
      <NetworkSettings open={open} />
      <TrainingSettings open={open} />
      <OptimizerSettings open={false} />
    </form>
  );
}

/** Messages about files and settings as a whole; announced to screen readers. */
function Notices() {
  const { value: offer } = imagesState.offer;
  return (
    <div class="notices" role="status">
      {settingsState.addressFault.value !== undefined && (
        <p class="notice notice-failure">{settingsState.addressFault.value}</p>
      )}
      {settingsState.refusal.value !== undefined && (
        <p class="notice notice-failure">{settingsState.refusal.value}</p>
      )}
      {changed.value && !untouched.value && (
        <p class="notice">
          The run continues with the settings it started with. Reset starts a new one with these.
        </p>
      )}
      {imagesState.search.value !== undefined && <p class="notice">Looking for pictures…</p>}
      {offer && (
        <p class={offer.images || offer.samples ? "visually-hidden" : "notice"}>
          {offer.images ? "The files have been read." : `Reading ${nameOf(offer.files)}…`}
        </p>
      )}
    </div>
  );
}

function nameOf(files: OwnFiles): string {
  return files.kind === "pictures" ? files.folder.name : files.files.map(({ name }) => name).join(", ");
}

/** Presets: complete runs to start from. */
function PresetSettings({ open }: { readonly open: boolean }) {
  const chosen = presetOf(settingsState.draft.value);
  return (
    <SettingsGroup title="Presets" brief={chosen ? presets[chosen].title : "your own"} open={open}>
      <fieldset class="setting" aria-describedby="presets-help">
        <legend class="visually-hidden">Presets</legend>
        <div class="chips">
          {presetNames.map((name) => (
            <button
              key={name}
              type="button"
              class="chip"
              aria-pressed={name === chosen}
              onClick={() => edit(presetFor(name, settingsState.draft.value, sourceImages()))}
            >
              {presets[name].title}
            </button>
          ))}
        </div>
        <p class="setting-help" id="presets-help" aria-live="polite">
          {chosen ? presets[chosen].help : "Settings of your own. A preset sets everything but the images."}
        </p>
      </fieldset>
      <CopyLink />
    </SettingsGroup>
  );
}

/** The button that copies a link with these settings, including the seed. */
function CopyLink() {
  return (
    <div class="setting">
      <div class="copy-link">
        <button
          type="button"
          class="button button-small"
          aria-describedby="copy-link-help"
          onClick={() => void copyLink()}
        >
          Copy link
        </button>
        <span class="setting-help" role="status">
          {settingsState.linkStatus.value}
        </span>
      </div>
      <p class="setting-help" id="copy-link-help">
        Opens the page with these settings and this seed, so that the run can be repeated.
      </p>
    </div>
  );
}
