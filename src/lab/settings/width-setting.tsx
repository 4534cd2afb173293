import type { ComponentChildren } from "preact";
import { isWidth } from "./hyperparameters.ts";

interface WidthSettingProps {
  readonly id: string;
  readonly title: string;
  /** What it does, in plain words. */
  readonly help: string;
  /** As it was typed; undefined where the network has no such width. */
  readonly word: string | undefined;
  /** Stands there where there is none. */
  readonly placeholder?: string;
  readonly onType: (word: string) => void;
  /** Stands between the field and its help. */
  readonly children?: ComponentChildren;
}

/** The nodes of some layers, a view on the hidden layers' text, which says what is wrong with them. */
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
