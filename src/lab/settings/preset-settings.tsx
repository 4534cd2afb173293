import { edit } from "../run/actions.ts";
import { store } from "../store.ts";
import { CopyLink } from "./copy-link.tsx";
import { presetDraft, presetNames, presetOf, presets } from "./presets.ts";
import { SettingsGroup } from "./settings-group.tsx";

/** Whole runs to begin with. */
export function PresetSettings({ open }: { readonly open: boolean }) {
  const chosen = presetOf(store.draft.value);
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
              onClick={() => edit(presetDraft(name))}
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
