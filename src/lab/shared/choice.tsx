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
