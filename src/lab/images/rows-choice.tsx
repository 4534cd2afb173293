import { Choice } from "../shared/choice.tsx";
import { comparesPretrained, rowsBy, shownPictures, store, untouched } from "../store.ts";
import { pretrainedFactor, type RowsBy } from "./rows.ts";

const options = [
  { value: "run", title: "This run" },
  { value: "pretrained", title: "Trained beforehand" },
] as const satisfies readonly { value: RowsBy; title: string }[];

/** Chooses whose denoised images are shown, where the network for digits can be held against the run's. */
export function RowsChoice() {
  if (!comparesPretrained.value) return null;
  return (
    <div class="rows-choice">
      <Choice
        name="rows-by"
        legend="Denoised by"
        options={options}
        chosen={rowsBy.value}
        onChoose={(by) => {
          store.pretrained.chosen.value = by;
        }}
      />
      <p class="rows-note">{noteOf(shownPictures.value?.by)}</p>
    </div>
  );
}

function noteOf(by: RowsBy | "waiting" | undefined): string {
  switch (by) {
    case undefined:
    case "waiting":
      return "A network trained beforehand is on its way…";
    case "pretrained":
      return untouched.value
        ? "By a network trained beforehand; press Train to teach a new one from nothing."
        : `By a network trained beforehand, for noise of factor ${pretrainedFactor}.`;
    case "run":
      return untouched.value
        ? "By the run's network, which has learned nothing yet."
        : "By the run's network as it is now.";
  }
}
