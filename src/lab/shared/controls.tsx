import type { ComponentChildren } from "preact";
import { filesOf } from "./files.ts";

interface ChoiceProps<T extends string> {
  /** The radio buttons' common name, and for whom cannot see them what they choose. */
  readonly name: string;
  readonly legend: string;
  readonly options: readonly { readonly value: T; readonly title: string }[];
  readonly chosen: T;
  readonly onChoose: (value: T) => void;
}

/** A choice of a few, side by side, that explains itself. */
export function Choice<T extends string>({ name, legend, options, chosen, onChoose }: ChoiceProps<T>) {
  return (
    <fieldset>
      <legend class="visually-hidden">{legend}</legend>
      <div class="choice">
        {options.map(({ value, title }) => (
          <label key={value} class="choice-option">
            <input
              type="radio"
              name={name}
              value={value}
              checked={value === chosen}
              onChange={() => onChoose(value)}
            />
            <span>{title}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface ChoiceSettingProps<T extends string> {
  readonly name: string;
  readonly title: string;
  /** What it does, in plain words. */
  readonly help: string;
  readonly options: readonly { readonly value: T; readonly title: string }[];
  /** Undefined where none of the options holds. */
  readonly chosen: T | undefined;
  readonly onChoose: (value: T) => void;
}

/** A setting that is one of a few. */
export function ChoiceSetting<T extends string>(props: ChoiceSettingProps<T>) {
  const { name, title, help, options, chosen, onChoose } = props;
  return (
    <fieldset class="setting" aria-describedby={`${name}-help`}>
      <legend>{title}</legend>
      <div class="choice">
        {options.map((option) => (
          <label key={option.value} class="choice-option">
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === chosen}
              onChange={() => onChoose(option.value)}
            />
            <span>{option.title}</span>
          </label>
        ))}
      </div>
      <p class="setting-help" id={`${name}-help`}>
        {help}
      </p>
    </fieldset>
  );
}

interface SelectSettingProps<T extends string> {
  readonly id: string;
  readonly title: string;
  /** What the chosen one does, in plain words. */
  readonly help: ComponentChildren;
  readonly options: readonly { readonly value: T; readonly title: string }[];
  readonly chosen: T;
  /** What is wrong with the choice, if anything is. */
  readonly fault?: string | undefined;
  readonly onChoose: (value: T) => void;
}

/** A setting that is one of many. */
export function SelectSetting<T extends string>(props: SelectSettingProps<T>) {
  const { id, title, help, options, chosen, fault, onChoose } = props;
  return (
    <div class="setting">
      <label for={id}>{title}</label>
      <select
        id={id}
        class="text-input"
        value={chosen}
        aria-invalid={fault !== undefined}
        aria-describedby={wordsOf(id)}
        onChange={({ currentTarget }) => {
          const option = options.find(({ value }) => value === currentTarget.value);
          if (option) onChoose(option.value);
        }}
      >
        {options.map(({ value, title: name }) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
      <SettingWords id={id} help={help} fault={fault} />
    </div>
  );
}

interface SwitchSettingProps {
  readonly id: string;
  readonly title: string;
  /** What it does, in plain words. */
  readonly help: string;
  readonly on: boolean;
  readonly onSwitch: (on: boolean) => void;
}

/** A setting that is on or off. */
export function SwitchSetting({ id, title, help, on, onSwitch }: SwitchSettingProps) {
  return (
    <div class="setting setting-switch">
      <label for={id}>{title}</label>
      <input
        id={id}
        class="switch"
        type="checkbox"
        checked={on}
        aria-describedby={`${id}-help`}
        onChange={(event) => onSwitch(event.currentTarget.checked)}
      />
      <p class="setting-help" id={`${id}-help`}>
        {help}
      </p>
    </div>
  );
}

interface PickedFileProps {
  readonly id: string;
  readonly title: string;
  /** The kinds of files that are offered, as of `<input accept>`. */
  readonly accept: string;
  readonly onPick: (file: File) => void;
  /** Says what the file is for, and what is there. */
  readonly children: ComponentChildren;
}

/** Chooses one file. */
export function PickedFile({ id, title, accept, onPick, children }: PickedFileProps) {
  return (
    <div class="setting">
      <label for={id}>{title}</label>
      <input
        id={id}
        class="file-input"
        type="file"
        accept={accept}
        aria-describedby={`${id}-help`}
        onChange={({ currentTarget }) => {
          const [file] = filesOf(currentTarget);
          if (file) onPick(file);
        }}
      />
      <p class="setting-help" id={`${id}-help`}>
        {children}
      </p>
    </div>
  );
}

interface SettingWordsProps {
  /** The setting's own id, which those of its words begin with. */
  readonly id: string;
  /** What it does, in plain words. */
  readonly help: ComponentChildren;
  /** What is wrong with it, if anything is. */
  readonly fault: string | undefined;
}

/** The texts below a setting, referenced by `wordsOf` for screen readers. */
export function SettingWords({ id, help, fault }: SettingWordsProps) {
  return (
    <>
      <p class="setting-fault" id={`${id}-fault`} aria-live="polite">
        {fault}
      </p>
      <p class="setting-help" id={`${id}-help`}>
        {help}
      </p>
    </>
  );
}

/** The ids of a setting's words, for `aria-describedby`. */
export function wordsOf(id: string): string {
  return `${id}-help ${id}-fault`;
}

interface TableScrollProps {
  /** What the table holds. */
  readonly label: string;
  readonly children: ComponentChildren;
}

/** A table that may be wider than the page has room for: it is scrolled by itself, by the keys too. */
export function TableScroll({ label, children }: TableScrollProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled has to be reached by the keys.
    <section class="table-scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
