import { formatValue } from "../shared/format-value.ts";
import { store } from "../store.ts";
import { goAlong, setValue } from "./actions.ts";
import { busiestUnits } from "./code-path.ts";

/** Values of a code that can be changed by hand. */
const sliderCount = 8;

interface CodeSlidersProps {
  readonly ends: { readonly from: Float32Array; readonly to: Float32Array };
  /** The code where the sliders stand. */
  readonly code: Float32Array;
  /** The greatest value that each unit had. */
  readonly most: Float32Array;
}

/** The values of the code that are most active at the path's ends, to be changed by hand. */
export function CodeSliders({ ends, code, most }: CodeSlidersProps) {
  const { share, byHand } = store.inside.path;
  return (
    <fieldset class="code-sliders">
      <legend>The code's most active values</legend>
      {busiestUnits(ends.from, ends.to, sliderCount).map((unit) => (
        <CodeSlider key={unit} unit={unit} value={code[unit] ?? 0} most={most[unit] ?? 0} />
      ))}
      <button
        type="button"
        class="button button-small"
        aria-disabled={byHand.value.size === 0}
        onClick={() => goAlong(share.value)}
      >
        Back to the path
      </button>
    </fieldset>
  );
}

interface CodeSliderProps {
  readonly unit: number;
  readonly value: number;
  readonly most: number;
}

function CodeSlider({ unit, value, most }: CodeSliderProps) {
  return (
    <label class="code-slider">
      <span>Unit {unit + 1}</span>
      <input
        type="range"
        class="slider"
        min={0}
        max={most || 1}
        step={(most || 1) / 200}
        value={value}
        aria-valuetext={formatValue(value)}
        onInput={({ currentTarget }) => setValue(unit, currentTarget.valueAsNumber)}
      />
      <span class="code-value">{formatValue(value)}</span>
    </label>
  );
}
