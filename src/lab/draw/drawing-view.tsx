import { useSignalEffect } from "@preact/signals";
import type { Plane } from "../../data/plane.ts";
import { filterWords } from "../../filters/filter.ts";
import { meanPsnr } from "../../metrics/psnr.ts";
import { resultsState } from "../results/state.ts";
import { Choice, Picture, SwitchSetting } from "../shared/controls.tsx";
import { formatDecibels, networkWords, nothing, whereRunStood } from "../shared/format.ts";
import {
  chooseTool,
  clean,
  clear,
  drawnFilters,
  followDrawing,
  followFilters,
  followLearning,
  followPad,
  newNoise,
  saveDrawing,
  setNoise,
  switchCentring,
  undo,
  withNoise,
} from "./draw.ts";
import { Pad } from "./pad.tsx";
import { drawState, type Outcome, padSize } from "./state.ts";

/** A drawing, and beside it the drawing with noise, denoised by the network and by filters. */
export function Draw() {
  useSignalEffect(followPad);
  useSignalEffect(followDrawing);
  useSignalEffect(followLearning);
  useSignalEffect(followFilters);
  return (
    <div class="draw">
      <div class="draw-side">
        <Pad />
        <PadTools />
      </div>
      <div class="draw-side">
        <DrawnNoise />
        <DrawnImages />
      </div>
    </div>
  );
}

/** The strength and the kind of the noise that is added to the drawing. */
function DrawnNoise() {
  const { factor } = drawState;
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
        onInput={({ currentTarget }) => setNoise(currentTarget.valueAsNumber)}
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

const tools = [
  { value: "pen", title: "Pen" },
  { value: "eraser", title: "Eraser" },
] as const;

/** The drawing tools, undo and clear. */
function PadTools() {
  const { tool, strokes, past, centre } = drawState;
  return (
    <>
      <div class="pad-tools">
        <Choice name="pad-tool" legend="Tool" options={tools} chosen={tool.value} onChoose={chooseTool} />
        <button
          type="button"
          class="button button-small"
          aria-disabled={past.value.length === 0}
          onClick={undo}
        >
          Undo
        </button>
        <button
          type="button"
          class="button button-small"
          aria-disabled={strokes.value.length === 0}
          onClick={clear}
        >
          Clear
        </button>
      </div>
      <SwitchSetting
        id="draw-centre"
        title="Centre it as the training digits are"
        help="A network of dense layers knows strokes only where the training digits have them."
        on={centre.value}
        onSwitch={switchCentring}
      />
    </>
  );
}

/** The drawing with its noise, and the results of the network and of filters. */
function DrawnImages() {
  const { denoised, filtered, fault } = drawState;
  const drawing = clean.value;
  const noisy = withNoise.value;
  return (
    <>
      <div class="drawn-images">
        <Drawn title="noisy" outcome={drawing && noisy && { clean: drawing, plane: noisy }} />
        <Drawn title="denoised" outcome={denoised.value} main />
        {drawnFilters.map((filter) => (
          <Drawn key={filter} title={filterWords[filter].title} outcome={filtered.value.get(filter)} />
        ))}
      </div>
      <div class="notices" role="status">
        {fault.value !== undefined && <p class="notice notice-failure">{fault.value}</p>}
      </div>
      <button
        type="button"
        class="button button-small drawn-save"
        aria-disabled={denoised.value === undefined}
        onClick={() => void saveDrawing()}
      >
        Save picture
      </button>
      <DrawnNote />
    </>
  );
}

interface DrawnProps {
  readonly title: string;
  readonly outcome: { readonly clean: Plane; readonly plane: Plane } | undefined;
  /** Whether it is the main result. */
  readonly main?: boolean;
}

function Drawn({ title, outcome, main = false }: DrawnProps) {
  const { rows, columns } = padSize.value;
  return (
    <figure class={main ? "drawn drawn-main" : "drawn"} aria-label={`Drawing, ${title}`}>
      {outcome ? (
        <Picture
          title={`drawing, ${title}`}
          pixels={outcome.plane.values}
          rows={outcome.plane.rows}
          columns={outcome.plane.columns}
        />
      ) : (
        <div class="drawn-empty" style={{ aspectRatio: columns / rows }} />
      )}
      <figcaption>
        {title} <span class="drawn-psnr">{outcome ? `${formatDecibels(psnrOf(outcome))} dB` : nothing}</span>
      </figcaption>
    </figure>
  );
}

/** Which networks and filters made the results. It is last in the card because its length changes. */
function DrawnNote() {
  const { value: denoised } = drawState.denoised;
  const waits = drawnFilters.some(
    (name) => !resultsState.filters.value.some(({ filter }) => filter === name),
  );
  return (
    <p class="drawn-note">
      {denoised && (
        <>
          Denoised by {denoised.modelName ?? whereRunStood(denoised.progress)}:{" "}
          {networkWords(denoised.network)}.{" "}
        </>
      )}
      {waits ? "The filters appear as soon as they are tuned." : "The filters are tuned for the run's noise."}
    </p>
  );
}

/** How close a result is to the drawing, in dB. */
function psnrOf({ clean, plane }: Outcome): number {
  return meanPsnr(plane.values, clean.values, clean.values.length);
}
