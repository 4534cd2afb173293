import { ownImages, store, validationLabels } from "../store.ts";
import { showOthers, toggleLabel } from "./offers.ts";

/** Chooses which images are pictured: at random, or at random among some labels where they have labels. */
export function LabelFilter() {
  return (
    <div class="label-filter">
      {validationLabels.value.length > 0 && <LabelButtons />}
      <button type="button" class="button button-small" onClick={() => void showOthers()}>
        Other ones
      </button>
    </div>
  );
}

function LabelButtons() {
  const { value: wanted } = store.labels;
  const what = ownImages.value ? "label" : "digit";
  return (
    <fieldset class="label-buttons">
      <legend>{wanted.size === 0 ? `Any ${what}, or only` : "Only"}</legend>
      {validationLabels.value.map((label) => (
        <button
          key={label}
          type="button"
          class="label-button"
          aria-pressed={wanted.has(label)}
          aria-label={`Only the ${what} ${label}`}
          onClick={() => void toggleLabel(label)}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}
