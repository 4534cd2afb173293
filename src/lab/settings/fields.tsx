import type { ComponentChildren } from "preact";
import { SettingWords, wordsOf } from "../shared/controls.tsx";
import { edit } from "./actions.ts";
import type { TextField } from "./draft.ts";
import { isWidth } from "./draft-parts.ts";
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

interface WidthSettingProps {
  readonly id: string;
  readonly title: string;
  /** What it does, in plain words. */
  readonly help: string;
  /** The text that was typed; undefined if the network has no such width. */
  readonly word: string | undefined;
  /** Shown in the field if it is empty. */
  readonly placeholder?: string;
  readonly onType: (word: string) => void;
  /** Shown between the field and its help. */
  readonly children?: ComponentChildren;
}

/** The nodes of some layers: a view of the text of the hidden layers, whose field shows the errors. */
export function WidthSetting(props: WidthSettingProps) {
  const { id, title, help, word, placeholder = "", onType, children } = props;
  return (
    <div class="setting">
      <label for={id}>{title}</label>
      <input
        id={id}
        class="text-input"
        type="text"
        inputMode="numeric"
        autocomplete="off"
        disabled={word === undefined}
        value={word ?? ""}
        placeholder={placeholder}
        aria-invalid={word !== undefined && !isWidth(word)}
        aria-describedby={`${id}-help setting-hidden-fault`}
        onInput={(event) => onType(event.currentTarget.value)}
      />
      {children}
      <p class="setting-help" id={`${id}-help`}>
        {help}
      </p>
    </div>
  );
}
