import { showOthers, toggleLabel } from "../run-control.ts";
import { store } from "../store.ts";

const allLabels = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Chooses which digits are pictured: at random, or at random among some labels. */
export function DigitFilter() {
  const { value: labels } = store.labels;
  return (
    <div class="digit-filter">
      <fieldset class="label-buttons">
        <legend>{labels.size === 0 ? "Any digit, or only" : "Only"}</legend>
        {allLabels.map((label) => (
          <button
            key={label}
            type="button"
            class="label-button"
            aria-pressed={labels.has(label)}
            aria-label={`Only the digit ${label}`}
            onClick={() => void toggleLabel(label)}
          >
            {label}
          </button>
        ))}
      </fieldset>
      <button type="button" class="button button-small" onClick={() => void showOthers()}>
        Other ones
      </button>
    </div>
  );
}
