import { ownImages, store } from "../store.ts";
import { shownLabels } from "./code-labels.ts";

/** The labels in their colours; one that is pressed dims the others. */
export function LatentLegend() {
  const { label: only } = store.inside.latent;
  const { value: labels } = shownLabels;
  if (labels.length === 0) return null;
  const what = ownImages.value ? "label" : "digit";
  return (
    <fieldset class="latent-legend">
      <legend>{only.value === undefined ? `Every ${what}, or only` : "Only"}</legend>
      {labels.map((label) => (
        <button
          key={label}
          type="button"
          class="label-button"
          style={{ "--label-color": `var(--label-${label % 10})` }}
          aria-pressed={label === only.value}
          aria-label={`Plot only the ${what} ${label}`}
          onClick={() => {
            only.value = label === only.value ? undefined : label;
          }}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}
