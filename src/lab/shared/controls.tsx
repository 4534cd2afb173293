import type { ComponentChildren } from "preact";
import { SettingWords, wordsOf } from "./setting-words.tsx";

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
