import type { ComponentChildren } from "preact";
import { SettingWords, wordsOf } from "../shared/controls.tsx";
import { edit } from "./actions.ts";
import type { TextField } from "./draft.ts";
import { reading, settingsState } from "./state.ts";

interface SettingsGroupProps {
  readonly title: string;
  /** A summary of the settings, shown while the group is closed. */
  readonly brief: string;
  /** Whether it is open at first. */
  readonly open: boolean;
  readonly children: ComponentChildren;
}

/** Settings that belong together. */
export function SettingsGroup({ title, brief, open, children }: SettingsGroupProps) {
  return (
    <details class="card settings-group" open={open}>
      <summary>
        <h2>{title}</h2>
        <span class="settings-brief">{brief}</span>
      </summary>
      <div class="settings-fields">{children}</div>
    </details>
  );
}

interface TextSettingProps {
  readonly field: TextField;
  readonly title: string;
  /** What it does, in plain words. */
  readonly help: string;
  /** Shown between the field and its help. */
  readonly children?: ComponentChildren;
}

/** A text field for a setting, with its help or its error. */
export function TextSetting({ field, title, help, children }: TextSettingProps) {
  const fault = reading.value.faults.get(field);
  const id = `setting-${field}`;
  return (
    <div class="setting">
      <label for={id}>{title}</label>
      <input
        id={id}
        class="text-input"
        type="text"
        inputMode={field === "hidden" || field === "noise" || field === "mask" ? "text" : "decimal"}
        autocomplete="off"
        spellcheck={false}
        value={settingsState.draft.value[field]}
        aria-invalid={fault !== undefined}
        aria-describedby={wordsOf(id)}
        onInput={(event) => edit({ [field]: event.currentTarget.value })}
      />
      {children}
      <SettingWords id={id} help={help} fault={fault} />
    </div>
  );
}
