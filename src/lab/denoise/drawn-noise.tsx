import { store } from "../store.ts";
import { newNoise } from "./draw.ts";

/** How much noise is put on the drawing, and which. */
export function DrawnNoise() {
  const { factor } = store.draw;
  return (
    <div class="drawn-noise">
      <label for="drawn-noise">
        Noise <output for="drawn-noise">{factor.value.toFixed(2)}</output>
      </label>
      <input
        id="drawn-noise"
        class="slider"
        type="range"
        min={0}
        max={1}
        step={0.05}
        value={factor.value}
        aria-describedby="drawn-noise-help"
        onInput={({ currentTarget }) => {
          factor.value = currentTarget.valueAsNumber;
        }}
      />
      <button type="button" class="button button-small" onClick={newNoise}>
        New noise
      </button>
      <p class="setting-help" id="drawn-noise-help">
        The factor of Gaussian noise: the same noise until you ask for another.
      </p>
    </div>
  );
}
