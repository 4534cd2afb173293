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
