import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { filesOf } from "./picture-files.ts";

interface ChoiceProps<T extends string> {
  /** The radio buttons' common name, and their legend for screen readers. */
  readonly name: string;
  readonly legend: string;
  readonly options: readonly { readonly value: T; readonly title: string }[];
  readonly chosen: T;
  readonly onChoose: (value: T) => void;
}

/** A choice among a few options, side by side, without help text. */
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
  /** Undefined if none of the options is chosen. */
  readonly chosen: T | undefined;
  readonly onChoose: (value: T) => void;
}

/** A setting with a few options. */
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
  /** What the chosen option does, in plain words. */
  readonly help: ComponentChildren;
  readonly options: readonly { readonly value: T; readonly title: string }[];
  readonly chosen: T;
  /** The error of the choice, if there is one. */
  readonly fault?: string | undefined;
  readonly onChoose: (value: T) => void;
}

/** A setting with many options. */
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
  /** The kinds of files to choose from, as in `<input accept>`. */
  readonly accept: string;
  readonly onPick: (file: File) => void;
  /** Text about the purpose of the file, and about the current file. */
  readonly children: ComponentChildren;
}

/** A field that chooses one file. */
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
  /** The setting's id, with which the ids of its texts begin. */
  readonly id: string;
  /** What it does, in plain words. */
  readonly help: ComponentChildren;
  /** Its error, if there is one. */
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

/** The ids of a setting's texts, for `aria-describedby`. */
export function wordsOf(id: string): string {
  return `${id}-help ${id}-fault`;
}

interface TableScrollProps {
  /** The contents of the table in words. */
  readonly label: string;
  readonly children: ComponentChildren;
}

/** A table that may be wider than the page: it scrolls by itself, also by keyboard. */
export function TableScroll({ label, children }: TableScrollProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: an element that scrolls must be reachable by keyboard.
    <section class="table-scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

interface PictureProps {
  /** Undefined for a decorative picture. */
  readonly title?: string;
  /** [rows, columns] in [0, 1], black to white. */
  readonly pixels: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** A grey picture, one pixel of the canvas for each. */
export function Picture({ title, pixels, rows, columns }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const image = context.createImageData(columns, rows);
    pixels.forEach((value, index) => {
      image.data.fill(Math.round(255 * value), 4 * index, 4 * index + 3);
      image.data[4 * index + 3] = 255;
    });
    context.putImageData(image, 0, 0);
  }, [pixels, rows, columns]);
  const spoken =
    title === undefined ? { "aria-hidden": true } : { role: "img" as const, "aria-label": title };
  return <canvas ref={canvas} class="picture" width={columns} height={rows} {...spoken} />;
}
