interface SelectSettingProps<T extends string> {
  readonly id: string;
  readonly title: string;
  /** What the chosen one does, in plain words. */
  readonly help: string;
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
        aria-describedby={`${id}-help ${id}-fault`}
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
      <p class="setting-fault" id={`${id}-fault`} aria-live="polite">
        {fault}
      </p>
      <p class="setting-help" id={`${id}-help`}>
        {help}
      </p>
    </div>
  );
}
